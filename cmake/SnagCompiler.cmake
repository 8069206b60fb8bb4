# The compiler: the newest clang from 18 up that can link -fsanitize=thread.
#
# Included before project(), so that nobody has to name it.  -DCMAKE_C_COMPILER
# and CC come first; snag_check_compiler(), after project(), holds them to the
# same conditions.

set(SNAG_CLANG_OLDEST 18)
set(SNAG_CLANG_NEWEST 23)
set(SNAG_CLANG_CURE
	"Install one with ci/setup.sh, or by hand: on Debian 12\n  \
apt-get install clang-22 libclang-rt-22-dev llvm-22\non Ubuntu 24.04\n  \
apt-get install clang-18 libclang-rt-18-dev llvm-18\nor name one with \
-DCMAKE_C_COMPILER=PATH.")

# Sets OUT to "" if CLANG is new enough and links a program with TSan's
# runtime, else to the reason why not.
function(snag_why_not_clang clang out)
	set(${out} "" PARENT_SCOPE)
	execute_process(
		COMMAND ${clang} -dumpversion
		OUTPUT_VARIABLE version
		OUTPUT_STRIP_TRAILING_WHITESPACE
		ERROR_QUIET)
	if(NOT version MATCHES "^[0-9]+"
	   OR version VERSION_LESS SNAG_CLANG_OLDEST)
		set(${out} "is version ${version}" PARENT_SCOPE)
		return()
	endif()
	set(probe ${CMAKE_BINARY_DIR}/CMakeFiles/snag-probe)
	file(WRITE ${probe}.c "int main(void) { return 0; }\n")
	execute_process(
		COMMAND ${clang} -fsanitize=thread ${probe}.c -o ${probe}
		RESULT_VARIABLE status
		OUTPUT_QUIET ERROR_QUIET)
	if(NOT status EQUAL 0)
		set(${out} "cannot link -fsanitize=thread (no libclang-rt?)"
		    PARENT_SCOPE)
	endif()
endfunction()

# Sets CMAKE_C_COMPILER in the cache, or stops with what to install.
function(snag_find_compiler)
	set(tried "")
	set(names clang)
	foreach(version RANGE ${SNAG_CLANG_OLDEST} ${SNAG_CLANG_NEWEST})
		list(PREPEND names clang-${version})
	endforeach()
	foreach(name IN LISTS names)
		find_program(clang ${name} NO_CACHE)
		if(NOT clang)
			continue()
		endif()
		snag_why_not_clang(${clang} why_not)
		if(NOT why_not)
			set(CMAKE_C_COMPILER ${clang} CACHE FILEPATH
			    "The clang for the tool and the scenario hosts")
			return()
		endif()
		string(APPEND tried "\n  ${clang} ${why_not}")
		unset(clang)
	endforeach()
	if(NOT tried)
		set(tried " none")
	endif()
	message(FATAL_ERROR
		"Snag needs clang ${SNAG_CLANG_OLDEST} or later with its \
ThreadSanitizer runtime.  Found:${tried}\n${SNAG_CLANG_CURE}")
endfunction()

# For a compiler that the user named.
function(snag_check_compiler)
	if(SNAG_COMPILER_CHECKED STREQUAL CMAKE_C_COMPILER)
		return()
	endif()
	if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
		set(why_not "is not clang")
	else()
		snag_why_not_clang(${CMAKE_C_COMPILER} why_not)
	endif()
	if(why_not)
		message(FATAL_ERROR
			"Snag needs clang ${SNAG_CLANG_OLDEST} or later with \
its ThreadSanitizer runtime; ${CMAKE_C_COMPILER} ${why_not}.\n\
${SNAG_CLANG_CURE}")
	endif()
	set(SNAG_COMPILER_CHECKED ${CMAKE_C_COMPILER} CACHE INTERNAL "")
endfunction()

if(NOT CMAKE_C_COMPILER AND NOT CMAKE_TOOLCHAIN_FILE AND NOT DEFINED ENV{CC})
	snag_find_compiler()
endif()
