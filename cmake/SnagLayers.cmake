# The tool's layers: one static library for each folder of src/, and one for
# reports/.  What may include what is checked by ci/layers.sh.

# snag_layer(NAME FOLDER [LAYER...]): the library NAME of all FOLDER/*.c, over
# the layers that it may use.  A folder without sources is an empty layer.
function(snag_layer name folder)
	file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.c)
	if(sources)
		add_library(${name} STATIC ${sources})
		target_link_libraries(${name} PUBLIC ${ARGN} snag_libraries
				      PRIVATE snag_tool_options)
	else()
		add_library(${name} INTERFACE)
		target_link_libraries(${name} INTERFACE ${ARGN} snag_libraries)
	endif()
endfunction()
