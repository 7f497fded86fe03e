# TFC_PYTHON runs the tests that need Python: that of build/venv, which tools/dev/test
# makes with the packages the tests use, or the system's. TFC_PYTHON_HAS_NUMPY and
# TFC_PYTHON_HAS_ONNX are 1 or 0.
set(TFC_PYTHON ${PROJECT_SOURCE_DIR}/build/venv/bin/python)
if(NOT EXISTS ${TFC_PYTHON})
  find_program(TFC_SYSTEM_PYTHON NAMES python3 python DOC "Interpreter of Python tests")
  set(TFC_PYTHON ${TFC_SYSTEM_PYTHON})
endif()
foreach(package numpy onnx)
  string(TOUPPER TFC_PYTHON_HAS_${package} variable)
  set(${variable} 0)
  if(TFC_PYTHON)
    execute_process(COMMAND ${TFC_PYTHON} -c "import ${package}" RESULT_VARIABLE result OUTPUT_QUIET ERROR_QUIET)
    if(result EQUAL 0)
      set(${variable} 1)
    endif()
  endif()
endforeach()
