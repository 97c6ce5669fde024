# pagewarden_embed(NAME FILES): writes ${CMAKE_BINARY_DIR}/generated/NAME.inc,
# a list of PAGEWARDEN_FILE("stem", "contents") rows, whenever a file changes.
function(pagewarden_embed name files)
  set(out "${CMAKE_BINARY_DIR}/generated/${name}.inc")
  add_custom_command(
    OUTPUT "${out}"
    COMMAND "${CMAKE_COMMAND}" "-DOUT=${out}" "-DFILES=${files}"
            -P "${CMAKE_CURRENT_SOURCE_DIR}/cmake/EmbedFilesScript.cmake"
    DEPENDS ${files} "${CMAKE_CURRENT_SOURCE_DIR}/cmake/EmbedFilesScript.cmake"
    COMMENT "Embedding ${name}" VERBATIM)
  add_custom_target(embed-${name} DEPENDS "${out}")
endfunction()
