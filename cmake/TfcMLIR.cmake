# Debian's MLIR 22.1 through its two shared libraries, and the helpers that every
# library of the compiler is declared with.

find_package(MLIR 22.1 REQUIRED CONFIG HINTS /usr/lib/llvm-22/lib/cmake/mlir)
list(APPEND CMAKE_MODULE_PATH "${MLIR_CMAKE_DIR}" "${LLVM_CMAKE_DIR}")
include(TableGen)
include(AddLLVM)
include(AddMLIR)
find_package(Protobuf REQUIRED)
find_package(fmt REQUIRED)
# What mlir-tblgen searches for the .td files of MLIR and of our own dialects.
include_directories(SYSTEM ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
include_directories(${PROJECT_SOURCE_DIR}/dialects ${PROJECT_SOURCE_DIR}/include ${PROJECT_BINARY_DIR}/dialects ${PROJECT_BINARY_DIR}/include)

# The settings of one compiler library or tool: include paths, RTTI as LLVM was
# built, and no -Wunused-parameter noise from MLIR's headers.
function(tfc_compiler_target target)
  target_include_directories(${target} PUBLIC
    ${PROJECT_SOURCE_DIR}/dialects ${PROJECT_SOURCE_DIR}/include
    ${PROJECT_BINARY_DIR}/dialects ${PROJECT_BINARY_DIR}/include)
  target_include_directories(${target} SYSTEM PUBLIC ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
  target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wno-unused-parameter>)
  if(NOT LLVM_ENABLE_RTTI)
    target_compile_options(${target} PRIVATE -fno-rtti)
  endif()
endfunction()

# tfc_add_library(Name FILE... [DEPENDS TARGET...] [LINK LIB...])
# Every library shares one precompiled header, built by TfcPch.
function(tfc_add_library name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  tfc_compiler_target(${name})
  target_precompile_headers(${name} REUSE_FROM TfcPch)
  target_link_libraries(${name} PUBLIC ${ARG_LINK})
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
  add_dependencies(${name} TfcDialectHeaders)
  set_property(GLOBAL APPEND PROPERTY TFC_LIBRARIES ${name})
endfunction()

# tfc_add_tool(name FILE... LINK LIB...)
function(tfc_add_tool name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  tfc_compiler_target(${name})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} MLIR LLVM)
  add_dependencies(${name} TfcDialectHeaders)
endfunction()

# Runs mlir-tblgen in the current directory on FILE; the remaining arguments are
# pairs OUTPUT "-gen-..." flags. Adds the target to TfcDialectHeaders.
function(tfc_tablegen target file)
  set(LLVM_TARGET_DEFINITIONS ${file})
  set(outputs ${ARGN})
  while(outputs)
    list(POP_FRONT outputs out flags)
    separate_arguments(flags)
    mlir_tablegen(${out} ${flags})
  endwhile()
  set(TABLEGEN_OUTPUT ${TABLEGEN_OUTPUT} PARENT_SCOPE)
  add_public_tablegen_target(${target})
  add_dependencies(TfcDialectHeaders ${target})
endfunction()

add_custom_target(TfcDialectHeaders)
# ccache needs these, for the header itself and for its users, to accept a precompiled header
# built by clang.
add_compile_options("$<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:Clang>>:-fpch-instantiate-templates;SHELL:-Xclang -fno-pch-timestamp>")

file(WRITE ${PROJECT_BINARY_DIR}/tfc_pch.cpp "")
add_library(TfcPch OBJECT ${PROJECT_BINARY_DIR}/tfc_pch.cpp)
tfc_compiler_target(TfcPch)
target_precompile_headers(TfcPch PRIVATE ${PROJECT_SOURCE_DIR}/include/tfc/Support/Precompiled.h)
