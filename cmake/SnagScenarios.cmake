# Scenario hosts, and programs of your own, built as Snag wants them.
#
#   snag_add_scenarios(TARGET FILE... [PLAIN] [NO_TEST] [NATIVE_TLS]
#                      [TEST_NAME NAME] [RUN_ARGS ARG...])
#
# adds the executable TARGET: scenarios and Snag's harness.  The files, and
# whatever else is added to TARGET later, are compiled by clang with
# -fsanitize=thread at -O1 with frame pointers; the harness in it is not
# instrumented at all.  The program is position independent.  Other flags that
# TARGET inherits, such as those of another sanitizer, must not reach it: TSan
# combines with none.
#
# Where enable_testing() was called it also adds the test NAME, or
# "snag.TARGET": `snag run --host TARGET ARG...`, for the minute that this
# takes unless RUN_ARGS say otherwise (RUN_ARGS --time 10s).  It runs alone,
# since a campaign uses every processor; result.json is left in the folder
# snag-out/TARGET of the current binary directory.  NO_TEST: no test.
#
# PLAIN leaves -fsanitize=thread out of the compilation, not of the link: the
# mistake that `snag run` must notice.
#
# The files are compiled with -femulated-tls, so that each of explore's threads
# has variables of __thread and thread_local of its own.  A variable that
# another library defines (`extern __thread`) is then not found when linking:
# compile that library so too, or say NATIVE_TLS, and explore's threads share
# such variables.
#
#   snag_instrument(TARGET...)
#
# compiles and links programs and libraries of your own for ThreadSanitizer, by
# clang or gcc, so that their reports can be made findings.  What links to an
# instrumented library is linked with -fsanitize=thread too.
include_guard(GLOBAL)

# snag_define_host(HARNESS PROGRAM WRAP INCLUDE): what the functions need.
# HARNESS and PROGRAM are static libraries, by target or path, WRAP the linker's response file and
# INCLUDE the folder of snag/scenario.h.  Not for users.
function(snag_define_host harness program wrap include)
	# How the code under test is compiled, but for -fsanitize=thread.
	add_library(snag_host_code INTERFACE)
	target_compile_options(snag_host_code INTERFACE
			       -O1 -g -fno-omit-frame-pointer)
	target_compile_definitions(snag_host_code INTERFACE _GNU_SOURCE)
	target_include_directories(snag_host_code INTERFACE ${include})

	# Whole: nothing in a scenario calls the harness, it calls them.
	add_library(snag_host INTERFACE)
	target_link_libraries(snag_host INTERFACE snag_host_code
			      $<LINK_LIBRARY:WHOLE_ARCHIVE,${harness}>)
	target_link_options(snag_host INTERFACE -fsanitize=thread "@${wrap}")
	set_property(TARGET snag_host PROPERTY
		     INTERFACE_LINK_DEPENDS "${wrap}")

	# A program with a main of its own; and a shared library, whose accesses
	# go through what the program has.
	add_library(snag_explored INTERFACE)
	target_link_libraries(snag_explored INTERFACE
			      $<LINK_LIBRARY:WHOLE_ARCHIVE,${program}>)
	target_link_options(snag_explored INTERFACE "@${wrap}"
			    -Wl,--wrap=main)
	set_property(TARGET snag_explored PROPERTY
		     INTERFACE_LINK_DEPENDS "${wrap}")
	add_library(snag_explored_part INTERFACE)
	target_link_options(snag_explored_part INTERFACE "@${wrap}")
endfunction()

# Stops unless the compiler of each FILE's language is clang CLANG or later, or
# gcc GCC or later (0: no gcc at all).
function(snag_require_compiler caller clang gcc)
	set(wanted "clang ${clang} or later")
	if(gcc)
		string(APPEND wanted ", or gcc ${gcc} or later")
	endif()
	foreach(file IN LISTS ARGN)
		get_filename_component(ending "${file}" LAST_EXT)
		string(REGEX REPLACE "^\\." "" ending "${ending}")
		if(ending MATCHES "^(cc|cpp|cxx|c\\+\\+|C)$")
			set(language CXX)
		elseif(ending STREQUAL "c")
			set(language C)
		else()
			continue()
		endif()
		set(id "${CMAKE_${language}_COMPILER_ID}")
		set(version "${CMAKE_${language}_COMPILER_VERSION}")
		if(id STREQUAL "")
			message(FATAL_ERROR "${caller}: this project has not \
enabled the language ${language}, which ${file} is written in.")
		endif()
		if((id STREQUAL "Clang" AND NOT version VERSION_LESS clang)
		   OR (gcc AND id STREQUAL "GNU"
		       AND NOT version VERSION_LESS gcc))
			continue()
		endif()
		message(FATAL_ERROR "${caller}: ${file} needs ${wanted}, and \
this project's compiler for ${language} is ${id} ${version} \
(${CMAKE_${language}_COMPILER}).  Configure a new build folder with \
-DCMAKE_${language}_COMPILER=...; `snag doctor` names a clang.")
	endforeach()
endfunction()

function(snag_add_test target name)
	add_test(NAME ${name} COMMAND
		 $<TARGET_FILE:Snag::snag> run --host $<TARGET_FILE:${target}>
		 --out ${CMAKE_CURRENT_BINARY_DIR}/snag-out/${target} ${ARGN})
	set_tests_properties(${name} PROPERTIES RUN_SERIAL ON)
endfunction()

function(snag_add_scenarios target)
	cmake_parse_arguments(PARSE_ARGV 1 arg "PLAIN;NO_TEST;NATIVE_TLS"
			      "TEST_NAME"
			      "RUN_ARGS")
	set(files ${arg_UNPARSED_ARGUMENTS})
	if(NOT files)
		message(FATAL_ERROR
			"snag_add_scenarios(${target}) names no file.")
	endif()
	snag_require_compiler("snag_add_scenarios(${target})" 18 0 ${files})
	add_executable(${target} ${files})
	set_target_properties(${target} PROPERTIES
			      POSITION_INDEPENDENT_CODE ON)
	if(NOT arg_PLAIN)
		target_compile_options(${target} PRIVATE -fsanitize=thread)
	endif()
	if(NOT arg_NATIVE_TLS)
		target_compile_options(${target} PRIVATE -femulated-tls)
	endif()
	target_link_libraries(${target} PRIVATE snag_host)
	if(NOT arg_TEST_NAME)
		set(arg_TEST_NAME snag.${target})
	endif()
	if(NOT arg_NO_TEST)
		snag_add_test(${target} ${arg_TEST_NAME} ${arg_RUN_ARGS})
	endif()
endfunction()

# By clang, a program is linked for `snag exec --engine explore` too.
function(snag_link_for_explore target type)
	set(id "${CMAKE_C_COMPILER_ID}")
	if(ARGN MATCHES "\\.(cc|cpp|cxx|c\\+\\+|C)(;|$)")
		set(id "${CMAKE_CXX_COMPILER_ID}")
	endif()
	if(NOT TARGET snag_explored OR NOT id STREQUAL "Clang")
		return()
	endif()
	if(type STREQUAL "EXECUTABLE")
		target_link_libraries(${target} PRIVATE snag_explored)
		set_target_properties(${target} PROPERTIES
				      POSITION_INDEPENDENT_CODE ON)
	elseif(type STREQUAL "SHARED_LIBRARY")
		target_link_libraries(${target} PRIVATE snag_explored_part)
	endif()
endfunction()

function(snag_instrument)
	foreach(target IN LISTS ARGN)
		get_target_property(type ${target} TYPE)
		if(type STREQUAL "INTERFACE_LIBRARY")
			message(FATAL_ERROR "snag_instrument(${target}): an \
interface library is not compiled; name what links to it.")
		endif()
		get_target_property(files ${target} SOURCES)
		snag_require_compiler("snag_instrument(${target})" 18 11
				      ${files})
		target_compile_options(${target} PRIVATE
			-fsanitize=thread -g -fno-omit-frame-pointer)
		target_link_options(${target} PUBLIC -fsanitize=thread)
		snag_link_for_explore(${target} ${type} ${files})
	endforeach()
endfunction()
