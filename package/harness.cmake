# What is installed beside the tool itself: the catalogue, and all that makes a
# scenario host of users' code.
set(libs ${CMAKE_INSTALL_LIBDIR}/snag)

install(TARGETS snag-catalogue DESTINATION ${libexec})
# Findings quote its sources, and causes are read from them.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/scenarios DESTINATION ${share}
	FILES_MATCHING PATTERN *.[ch])

install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/snag
	DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN *.h)
# Only linked by way of snag-cc, snag.pc or CMake, never by -lsnag-harness.
install(FILES $<TARGET_FILE:snag_harness> $<TARGET_FILE:snag_whole>
	${PROJECT_BINARY_DIR}/snag-wrap.rsp
	DESTINATION ${libs})

snag_wrapper(${made}/bin ${CMAKE_INSTALL_FULL_BINDIR}
	     ${CMAKE_INSTALL_FULL_LIBDIR}/snag
	     ${CMAKE_INSTALL_FULL_LIBDIR}/snag/snag-wrap.rsp
	     ${CMAKE_INSTALL_FULL_INCLUDEDIR})
install(PROGRAMS ${made}/bin/snag-cc ${made}/bin/snag-c++ TYPE BIN)

include(CMakePackageConfigHelpers)
set(config ${CMAKE_INSTALL_LIBDIR}/cmake/Snag)
configure_package_config_file(
	SnagConfig.cmake.in ${made}/SnagConfig.cmake
	INSTALL_DESTINATION ${config}
	PATH_VARS CMAKE_INSTALL_BINDIR CMAKE_INSTALL_INCLUDEDIR libs
	NO_CHECK_REQUIRED_COMPONENTS_MACRO)
# Before 1.0 a minor version may change the functions.
write_basic_package_version_file(${made}/SnagConfigVersion.cmake
				 COMPATIBILITY SameMinorVersion)
list(TRANSFORM modules PREPEND ${PROJECT_SOURCE_DIR}/cmake/
     OUTPUT_VARIABLE files)
install(FILES ${files} ${made}/SnagConfig.cmake
	${made}/SnagConfigVersion.cmake DESTINATION ${config})

file(RELATIVE_PATH prefix ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig
     ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" prefix "${prefix}")
configure_file(snag.pc.in ${made}/snag.pc @ONLY)
install(FILES ${made}/snag.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
