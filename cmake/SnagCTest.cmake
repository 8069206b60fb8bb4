# Tests of a CTest project, launched through `snag exec --collect DIR`.
#
#   include(SnagCTest)             # before the targets and tests
#   cmake -DSNAG_COLLECT=DIR ...   # or nothing: then tests run as they are
#
# Each test runs as if Snag were not there, with its own output, signals and
# exit status, and leaves its evidence in DIR; `snag gate DIR --ctest BUILDDIR`
# then judges all of it once.
#
# Which tests are launched so:
#
#   - whose COMMAND is an executable target that is created after this, in this
#     folder or below (TEST_LAUNCHER from CMake 3.29, before that
#     CROSSCOMPILING_EMULATOR, which CTest takes for the same), those found by
#     gtest_discover_tests() among them;
#   - with SNAG_COLLECT_COMMANDS=ON, every other test that add_test() adds
#     afterwards: of a script, or of a program that is no target.
#
# Not launched: tests that another folder or an earlier line added, and those
# that a script of ctest's adds by itself (TEST_INCLUDE_FILES).  `snag gate
# --ctest` names them.
#
#   snag_collect_tests([DIR folder] [TARGETS target...])
#
# is the same by hand: for targets that there are already, or, without TARGETS,
# for all that this folder and those below create from now on.
#
# Variables in the cache: SNAG_COLLECT, the folder; SNAG_COLLECT_COMMANDS;
# SNAG_EXECUTABLE, the program.
include_guard(DIRECTORY)

set(SNAG_COLLECT "" CACHE PATH
    "Folder for the evidence of tests under Snag; empty: tests run as they are")
option(SNAG_COLLECT_COMMANDS
       "Under SNAG_COLLECT, launch tests that are no targets too (overrides add_test)"
       OFF)
find_program(SNAG_EXECUTABLE snag
	     HINTS ${CMAKE_CURRENT_LIST_DIR}/../../../bin
	     DOC "Snag, which watches the tests")

# Sets OUT to the words before a test's command.
function(snag_collect_launcher out dir)
	if(NOT SNAG_EXECUTABLE)
		message(FATAL_ERROR
			"snag is not in PATH: name it with -DSNAG_EXECUTABLE=\
FILE, or leave SNAG_COLLECT empty.")
	endif()
	if(NOT dir)
		message(FATAL_ERROR
			"Where to?  -DSNAG_COLLECT=FOLDER, or \
snag_collect_tests(DIR folder).")
	endif()
	get_filename_component(dir "${dir}" ABSOLUTE
			       BASE_DIR "${CMAKE_BINARY_DIR}")
	if(dir MATCHES "[;\"'%]")
		message(FATAL_ERROR
			"Folder ${dir} cannot collect: its path must be free \
of quotes, semicolons and '%'.")
	endif()
	file(MAKE_DIRECTORY "${dir}")
	set(${out} "${SNAG_EXECUTABLE};exec;--collect;${dir};--" PARENT_SCOPE)
endfunction()

# What this CMake calls the launcher of a target's tests.
function(snag_collect_property out)
	if(CMAKE_VERSION VERSION_LESS 3.29)
		set(${out} CROSSCOMPILING_EMULATOR PARENT_SCOPE)
	else()
		set(${out} TEST_LAUNCHER PARENT_SCOPE)
	endif()
endfunction()

function(snag_collect_tests)
	cmake_parse_arguments(PARSE_ARGV 0 arg "" "DIR" "TARGETS")
	if(arg_UNPARSED_ARGUMENTS)
		message(FATAL_ERROR
			"snag_collect_tests does not know \
'${arg_UNPARSED_ARGUMENTS}'.")
	endif()
	if(NOT arg_DIR)
		set(arg_DIR "${SNAG_COLLECT}")
	endif()
	snag_collect_launcher(launcher "${arg_DIR}")
	snag_collect_property(property)
	foreach(target IN LISTS arg_TARGETS)
		get_target_property(before ${target} ${property})
		if(before AND NOT before STREQUAL launcher)
			message(WARNING
				"Target ${target} has a ${property} already \
(${before}): its tests are not collected.")
		else()
			set_target_properties(${target} PROPERTIES
					      ${property} "${launcher}")
		endif()
	endforeach()
	if(arg_TARGETS)
		return()
	endif()
	if(property STREQUAL "TEST_LAUNCHER")
		set(variable CMAKE_TEST_LAUNCHER)
	else()
		set(variable CMAKE_CROSSCOMPILING_EMULATOR)
	endif()
	if(${variable} AND NOT ${variable} STREQUAL launcher)
		message(WARNING
			"${variable} is set already (${${variable}}): tests \
are not collected.")
	else()
		set(${variable} "${launcher}" PARENT_SCOPE)
	endif()
	set(SNAG_COLLECT_LAUNCHER "${launcher}" PARENT_SCOPE)
endfunction()

if(SNAG_COLLECT)
	snag_collect_tests()
endif()

# A function of the name of a command hides it as _NAME, once: a second one
# would hide the first and call itself for ever.
get_property(snag_collect_is_there GLOBAL PROPERTY SNAG_COLLECT_ADD_TEST)
if(NOT SNAG_COLLECT OR NOT SNAG_COLLECT_COMMANDS OR snag_collect_is_there)
	return()
endif()
if(COMMAND _add_test)
	message(WARNING
		"Something else overrides add_test() already: tests that are \
no targets are not collected.")
	return()
endif()
set_property(GLOBAL PROPERTY SNAG_COLLECT_ADD_TEST TRUE)

# Sets OUT to the command as it is launched; "" for one that is left alone:
#
#   - a target that has a launcher by its property, ours or another;
#   - a relative path, which CTest looks for in folders that Snag does not know;
#   - a name that is not in PATH: of a target that comes later, and then has our
#     launcher, or of a file that CTest finds in the build folder.
#
# A name in PATH may be that of a later target all the same.
function(snag_collect_command out word)
	set(${out} "" PARENT_SCOPE)
	if(TARGET "${word}")
		snag_collect_property(property)
		get_target_property(type "${word}" TYPE)
		get_target_property(launcher "${word}" ${property})
		if(type STREQUAL "EXECUTABLE" AND NOT launcher)
			set(${out} "$<TARGET_FILE:${word}>" PARENT_SCOPE)
		endif()
		return()
	endif()
	if(word STREQUAL SNAG_EXECUTABLE)
		return()
	endif()
	if(word MATCHES "\\$<" OR IS_ABSOLUTE "${word}")
		set(${out} "${word}" PARENT_SCOPE)
		return()
	endif()
	if(word MATCHES "/" OR NOT word MATCHES "^[A-Za-z0-9_.+-]+$")
		return()
	endif()
	unset(program)
	find_program(program "${word}" NO_CACHE)
	if(program)
		set(${out} "$<$<TARGET_EXISTS:${word}>:$<TARGET_FILE:${word}>>\
$<$<NOT:$<TARGET_EXISTS:${word}>>:${word}>" PARENT_SCOPE)
	endif()
endfunction()

# Words go on as they stand, quotes, lists and emptiness included: each between
# brackets, of which the first newline is no part.  The form without NAME knows
# no generator expressions.
function(add_test)
	set(code "")
	set(at 1)
	if(ARGC GREATER 0 AND ARGV0 STREQUAL "NAME")
		set(at -1)
	endif()
	if(SNAG_COLLECT_LAUNCHER AND ARGC GREATER 1)
		set(words "${SNAG_COLLECT_LAUNCHER}")
	else()
		set(words "")
	endif()
	set(i 0)
	while(i LESS ARGC)
		set(word "${ARGV${i}}")
		set(launched "")
		if(i EQUAL at AND words)
			if(ARGV0 STREQUAL "NAME" OR IS_ABSOLUTE "${word}")
				snag_collect_command(launched "${word}")
			endif()
		endif()
		if(launched)
			set(word "${launched}")
			foreach(one IN LISTS words)
				string(APPEND code " [======[\n${one}]======]")
			endforeach()
		endif()
		string(APPEND code " [======[\n${word}]======]")
		math(EXPR i "${i} + 1")
		if(at EQUAL -1 AND i GREATER 2 AND word STREQUAL "COMMAND")
			set(at ${i})
		endif()
	endwhile()
	cmake_language(EVAL CODE "_add_test(${code})")
endfunction()
