# Installs tfc to a fresh prefix and builds applications against it: through CMake, and
# with one line of cc. Then looks at what objects and programs depend on.
# Arguments: BUILD (tfc's build folder), SOURCE (this folder), WORK (scratch), PROTOC,
# ONNX_PROTO (the schema), EXAMPLES (of the documentation), NM, ALLOWED (file of symbols).
cmake_minimum_required(VERSION 3.25)

function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# Every undefined symbol of FILE must match a line of ALLOWED.
function(check_symbols file)
  execute_process(COMMAND ${NM} -u ${file} OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "[UwvV] [^\n]+" symbols "${output}")
  file(STRINGS ${ALLOWED} patterns REGEX "^[^#]")
  foreach(symbol IN LISTS symbols)
    string(REGEX REPLACE "^. ([^@]+).*" "\\1" symbol "${symbol}")
    # One by one: CMake's expressions hold few groups.
    set(allowed OFF)
    foreach(pattern IN LISTS patterns)
      if(symbol MATCHES "^(${pattern})$")
        set(allowed ON)
        break()
      endif()
    endforeach()
    if(NOT allowed)
      message(SEND_ERROR "${file} needs '${symbol}', which ${ALLOWED} does not list")
    endif()
  endforeach()
endfunction()

function(check_libraries program)
  execute_process(COMMAND ldd ${program} OUTPUT_VARIABLE libraries COMMAND_ERROR_IS_FATAL ANY)
  if(libraries MATCHES "stdc\\+\\+|libc\\+\\+|LLVM|MLIR|protobuf")
    message(SEND_ERROR "${program} links what no compiled model needs: ${libraries}")
  endif()
endfunction()

file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK}/build)
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/installed)
# The package must not depend on where it was installed to.
file(RENAME ${WORK}/installed ${WORK}/prefix)
set(prefix ${WORK}/prefix)

cmake_path(GET ONNX_PROTO PARENT_PATH schema)
execute_process(COMMAND ${PROTOC} --proto_path=${schema} --encode=tfc.onnx.ModelProto ${ONNX_PROTO}
  INPUT_FILE ${SOURCE}/tanh.onnx.txt OUTPUT_FILE ${WORK}/build/tanh.onnx COMMAND_ERROR_IS_FATAL ANY)

# 32 rows of 1, 2, 1, 2, ... and, as the weights of another compilation, of 2, 1, 2, 1, ...
string(REPEAT "0000803F00000040" 512 WEIGHTS)
configure_file(${SOURCE}/product.mlir.in ${WORK}/build/product.mlir @ONLY)
string(REPEAT "000000400000803F" 512 WEIGHTS)
configure_file(${SOURCE}/product.mlir.in ${WORK}/build/other.mlir @ONLY)
run(${prefix}/bin/tfc-compile ${WORK}/build/other.mlir -o ${WORK}/build/other.o --weights=${WORK}/build/other.weights)

run(${CMAKE_COMMAND} -G Ninja -S ${SOURCE} -B ${WORK}/build -DCMAKE_PREFIX_PATH=${prefix} -DCMAKE_BUILD_TYPE=Release)
run(${CMAKE_COMMAND} --build ${WORK}/build -j 2)
run(${WORK}/build/two_models)
run(${WORK}/build/onnx_model)
run(${WORK}/build/allocator)
run(${WORK}/build/words)
run(${WORK}/build/plan)
run(${WORK}/build/weights_file ${WORK}/build/product.weights ${WORK}/build/other.weights ${WORK}/build/spoiled.weights)

# The example that trains.
run(${CMAKE_COMMAND} -G Ninja -S ${EXAMPLES}/regression -B ${WORK}/regression -DCMAKE_PREFIX_PATH=${prefix} -DCMAKE_BUILD_TYPE=Release)
run(${CMAKE_COMMAND} --build ${WORK}/regression)
run(${WORK}/regression/train ${WORK}/regression/learned.safetensors)

# One line of cc each.
set(plain ${WORK}/plain)
file(MAKE_DIRECTORY ${plain})
file(GLOB_RECURSE archive ${prefix}/*/libtfc-rt.a)
cmake_path(GET archive PARENT_PATH libraries)
run(${prefix}/bin/tfc-compile ${SOURCE}/scale.mlir -o ${plain}/scale.o)
run(${prefix}/bin/tfc-compile ${SOURCE}/layer.mlir -o ${plain}/dense.o)
run(cc -I${plain} -I${prefix}/include ${SOURCE}/two_models.c ${plain}/scale.o ${plain}/dense.o -L${libraries} -ltfc-rt
    -o ${plain}/two_models)
run(${plain}/two_models)

# Headers say nothing even under strict flags, as C and as C++.
run(${prefix}/bin/tfc-compile ${SOURCE}/ports.mlir -o ${plain}/ports.o)
find_program(GCC gcc)
find_program(CLANG NAMES clang clang-22)
foreach(header ${plain}/scale.h ${plain}/dense.h ${plain}/ports.h ${WORK}/build/allocator.tfc/maybe.h
        ${WORK}/build/weights_file.tfc/product.h ${WORK}/regression/train.tfc/regression.h)
  foreach(compiler cc ${GCC} ${CLANG})
    if(compiler)
      set(strict -fsyntax-only -Wall -Wextra -Wpedantic -Wconversion -Werror -I${prefix}/include)
      file(WRITE ${plain}/header.c "#include \"${header}\"\nint main(void) { return 0; }\n")
      file(WRITE ${plain}/header.cpp "#include \"${header}\"\nint main() { return 0; }\n")
      run(${compiler} -std=c11 ${strict} ${plain}/header.c)
      run(${compiler} -std=c++17 ${strict} ${plain}/header.cpp)
    endif()
  endforeach()
endforeach()

foreach(file ${plain}/scale.o ${plain}/dense.o ${plain}/two_models ${WORK}/build/two_models
        ${WORK}/build/onnx_model.tfc/tanh.o ${WORK}/build/allocator.tfc/maybe.o
        ${WORK}/regression/train.tfc/regression.o)
  check_symbols(${file})
endforeach()
check_libraries(${plain}/two_models)
check_libraries(${WORK}/build/two_models)
