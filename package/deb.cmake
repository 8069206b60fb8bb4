# A .deb: cpack -G DEB --config build/release/CPackConfig.cmake
if(NOT PROJECT_IS_TOP_LEVEL)
	return()
endif()
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME snag)
set(CPACK_PACKAGE_CONTACT "The Snag authors")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Runs small concurrent scenarios thousands of times under clang's
ThreadSanitizer and says for each whether what it saw was to be expected,
how often it happened, and how much the answer is worth.")
# Never stripped: findings get their names and lines from debug information.
set(CPACK_STRIP_FILES OFF)
# The tool links libraries of the distribution; without dpkg-shlibdeps nobody
# can say which packages they are.
find_program(DPKG_SHLIBDEPS dpkg-shlibdeps)
if(DPKG_SHLIBDEPS)
	set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
endif()
if(SNAG_HARNESS)
	# To build hosts; the catalogue that is inside needs no compiler.
	set(CPACK_DEBIAN_PACKAGE_SUGGESTS
	    "clang (>= 1:18) | clang-22 | clang-19 | clang-18, cmake")
endif()
include(CPack)
