# Fails unless the page MADE by this build is the one COMMITTED.
execute_process(COMMAND ${CMAKE_COMMAND} -E compare_files ${COMMITTED} ${MADE} RESULT_VARIABLE differs)
if(differs)
  message(FATAL_ERROR "${COMMITTED} is stale; bring it up to date with: cmake --build --preset release --target tfc-spec")
endif()
