# Compiling models as part of a build.

# tfc_add_model(TARGET MODEL [NAME name] [STEPS step...] [OPTIONS option...])
#
# Compiles MODEL with tfc-compile and links the object and tfc::rt into TARGET, whose
# sources can then include "NAME.h". NAME is also the prefix of the model's symbols; by
# default it is MODEL's file name without extension, as a C identifier. STEPS say what to
# run of a TensorFlow graph, as --step does: "train: feeds=x,y fetches=loss targets=train_op".
# OPTIONS go to tfc-compile. The model is compiled again when it, a file that it refers to, or
# tfc-compile changes.
function(tfc_add_model target model)
  cmake_parse_arguments(PARSE_ARGV 2 ARG "" "NAME" "STEPS;OPTIONS")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "tfc_add_model: unknown argument '${ARG_UNPARSED_ARGUMENTS}'")
  endif()
  if(NOT TARGET ${target})
    message(FATAL_ERROR "tfc_add_model: no target is named '${target}'")
  endif()
  cmake_path(ABSOLUTE_PATH model NORMALIZE)
  if(NOT ARG_NAME)
    cmake_path(GET model STEM LAST_ONLY ARG_NAME)
    string(MAKE_C_IDENTIFIER ${ARG_NAME} ARG_NAME)
  endif()
  string(MAKE_C_IDENTIFIER ${ARG_NAME} identifier)
  if(NOT ARG_NAME STREQUAL identifier)
    message(FATAL_ERROR "tfc_add_model: NAME is '${ARG_NAME}', expected a C identifier")
  endif()

  if(TARGET tfc-compile)
    set(compiler $<TARGET_FILE:tfc-compile>)
  elseif(TFC_COMPILE)
    set(compiler ${TFC_COMPILE})
  else()
    message(FATAL_ERROR "tfc_add_model: tfc-compile was not found; set TFC_COMPILE to its path")
  endif()

  set(steps ${ARG_STEPS})
  list(TRANSFORM steps PREPEND "--step=")

  # A folder for each target, so that two targets can use one model.
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${target}.tfc)
  file(MAKE_DIRECTORY ${folder})
  set(base ${folder}/${ARG_NAME})
  add_custom_command(
    OUTPUT ${base}.o ${base}.h
    BYPRODUCTS ${base}.json
    COMMAND ${compiler} ${model} -o ${base}.o --depfile ${base}.d ${steps} ${ARG_OPTIONS}
    DEPENDS ${model} ${compiler}
    DEPFILE ${base}.d
    COMMENT "Compiling model ${ARG_NAME}"
    VERBATIM)
  set_source_files_properties(${base}.o PROPERTIES EXTERNAL_OBJECT TRUE GENERATED TRUE)
  target_sources(${target} PRIVATE ${base}.o ${base}.h)
  target_include_directories(${target} PRIVATE ${folder})
  target_link_libraries(${target} PRIVATE tfc::rt)
endfunction()
