# cmake -DINPUT=page.mustache -DOUTPUT=page.mustache.h -DSYMBOL=page_mustache -P embed.cmake
# A file as a C string of escapes, so that templates and style sheets are written as themselves and shipped in the program.
file(READ ${INPUT} hex HEX)
string(LENGTH "${hex}" digits)
math(EXPR size "${digits} / 2")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" escapes "${hex}")
set(lines "")
string(LENGTH "${escapes}" length)
foreach(at RANGE 0 ${length} 240)
  string(SUBSTRING "${escapes}" ${at} 240 part)
  string(APPEND lines "    \"${part}\"\n")
endforeach()
file(WRITE ${OUTPUT} "static const char ${SYMBOL}[] =\n${lines};\n")
