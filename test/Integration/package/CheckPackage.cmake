# Installs the runtime to a fresh prefix and builds an application against it.
# Arguments: BUILD (tfc's build folder), SOURCE (this folder), WORK (scratch), PKG_CONFIG.

function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# PROGRAM must end with `expected`.
function(expect_result program expected)
  execute_process(COMMAND ${program} RESULT_VARIABLE result)
  if(NOT result EQUAL expected)
    message(FATAL_ERROR "${program} ends with ${result}, expected ${expected}")
  endif()
endfunction()

# The stand-in must have been called `expected` times in all.
function(expect_compilations expected)
  file(STRINGS ${WORK}/build/compilations lines)
  list(LENGTH lines count)
  if(NOT count EQUAL expected)
    message(FATAL_ERROR "models were compiled ${count} times, expected ${expected}")
  endif()
endfunction()

file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK}/build)
run(${CMAKE_COMMAND} --install ${BUILD} --component tfc-rt --prefix ${WORK}/installed)
# The package must not depend on where it was installed to.
file(RENAME ${WORK}/installed ${WORK}/prefix)
set(ENV{TFC_PREFIX} ${WORK}/prefix)

file(WRITE ${WORK}/build/my-net.v2.onnx "graph")
file(WRITE ${WORK}/build/weights.bin "1")
run(${CMAKE_COMMAND} -G Ninja -S ${SOURCE} -B ${WORK}/build -DCMAKE_PREFIX_PATH=${WORK}/prefix
    -DTFC_COMPILE=${SOURCE}/stand-in-compile)
run(${CMAKE_COMMAND} --build ${WORK}/build -j 2)
expect_result(${WORK}/build/app 42)
expect_result(${WORK}/build/two_models 42)
expect_compilations(3)

# Nothing to do; then a file that only the depfile names changes.
run(${CMAKE_COMMAND} --build ${WORK}/build -j 2)
expect_compilations(3)
run(${CMAKE_COMMAND} -E sleep 0.02)
file(WRITE ${WORK}/build/weights.bin "2")
run(${CMAKE_COMMAND} --build ${WORK}/build -j 2)
expect_compilations(6)

# Neither the C++ library nor the compiler's own prefix is needed at run time.
execute_process(COMMAND ldd ${WORK}/build/app OUTPUT_VARIABLE libraries COMMAND_ERROR_IS_FATAL ANY)
if(libraries MATCHES "stdc\\+\\+")
  message(FATAL_ERROR "the application links the C++ library: ${libraries}")
endif()

if(PKG_CONFIG)
  file(GLOB_RECURSE pc ${WORK}/prefix/*/tfc-rt.pc)
  cmake_path(GET pc PARENT_PATH folder)
  set(ENV{PKG_CONFIG_PATH} ${folder})
  execute_process(COMMAND ${PKG_CONFIG} --cflags --libs tfc-rt OUTPUT_VARIABLE flags COMMAND_ERROR_IS_FATAL ANY)
  separate_arguments(flags UNIX_COMMAND "${flags}")
  set(generated ${WORK}/build/app.tfc)
  run(cc ${SOURCE}/app.c ${generated}/my_net_v2.o -I${generated} ${flags} -o ${WORK}/build/app_pc)
  expect_result(${WORK}/build/app_pc 42)
endif()
