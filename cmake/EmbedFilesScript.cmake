set(text "")
foreach(file IN LISTS FILES)
  get_filename_component(stem "${file}" NAME)
  file(READ "${file}" hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" escaped "${hex}")
  # Rows of 64 bytes keep the generated file readable by editors.
  string(REGEX REPLACE "((\\\\x[0-9a-f][0-9a-f]){64})" "\\1\"\n  \"" escaped
         "${escaped}")
  string(APPEND text "PAGEWARDEN_FILE(\"${stem}\",\n  \"${escaped}\")\n")
endforeach()
file(WRITE "${OUT}.new" "${text}")
file(COPY_FILE "${OUT}.new" "${OUT}" ONLY_IF_DIFFERENT)
file(TOUCH_NOCREATE "${OUT}")
