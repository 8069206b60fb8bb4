# Scenario hosts: a program made of scenarios and Snag's harness.
#
#   snag_add_scenarios(TARGET [PLAIN] FILE...)
#
# adds the executable TARGET.  The files, and whatever else is added to TARGET
# later, are compiled with -fsanitize=thread at -O1 with frame pointers; the
# harness in it is not instrumented at all.  The program is position
# independent.  Other flags that TARGET inherits, such as those of another
# sanitizer, must not reach it: TSan combines with none.
#
# PLAIN leaves -fsanitize=thread out of the compilation, not of the link: the
# mistake that `snag run` must notice.
#
# Needs the targets snag_harness and snag_scenario_api.
include_guard(GLOBAL)

# How the code under test is compiled, but for -fsanitize=thread itself.
add_library(snag_host_code INTERFACE)
target_compile_options(snag_host_code INTERFACE
		       -O1 -g -fno-omit-frame-pointer)
target_compile_definitions(snag_host_code INTERFACE _GNU_SOURCE)

# How a host is linked.  Each symbol in the harness's wrap.txt, one a line,
# becomes --wrap=SYMBOL in a response file: there are more of them than one
# wants to read on a command line.
set(snag_wrap_response ${CMAKE_BINARY_DIR}/snag-wrap.rsp)
add_library(snag_host_link INTERFACE)
target_link_options(snag_host_link INTERFACE
		    -fsanitize=thread @${snag_wrap_response}
		    -Wl,--export-dynamic-symbol=snag_host_wire_version)
set_property(TARGET snag_host_link APPEND PROPERTY
	     INTERFACE_LINK_DEPENDS ${snag_wrap_response})

file(GLOB snag_wrap_list CONFIGURE_DEPENDS
     ${CMAKE_CURRENT_LIST_DIR}/../harness/wrap.txt)
set(snag_wrap_options "")
if(snag_wrap_list)
	set_property(DIRECTORY APPEND PROPERTY
		     CMAKE_CONFIGURE_DEPENDS ${snag_wrap_list})
	file(STRINGS ${snag_wrap_list} snag_wrap_symbols REGEX "^[A-Za-z_]")
	foreach(symbol IN LISTS snag_wrap_symbols)
		string(APPEND snag_wrap_options "-Wl,--wrap=${symbol}\n")
	endforeach()
endif()
file(CONFIGURE OUTPUT ${snag_wrap_response} CONTENT "${snag_wrap_options}")

function(snag_add_scenarios target)
	cmake_parse_arguments(PARSE_ARGV 1 arg "PLAIN" "" "")
	add_executable(${target} ${arg_UNPARSED_ARGUMENTS}
		       $<TARGET_OBJECTS:snag_harness>)
	set_target_properties(${target} PROPERTIES
			      POSITION_INDEPENDENT_CODE ON)
	if(NOT arg_PLAIN)
		target_compile_options(${target} PRIVATE -fsanitize=thread)
	endif()
	target_link_libraries(${target} PRIVATE snag_host_code snag_host_link
			      snag_scenario_api)
endfunction()
