# SPDX-License-Identifier: GPL-3.0-or-later
# One interface target with what every target of ours is compiled with.
add_library(throughline_warnings INTERFACE)
target_compile_options(throughline_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual
    -Wformat=2 -Wnull-dereference -Wimplicit-fallthrough -Wextra-semi
    # GCC 13 and later take every reference that a function makes of a temporary for dangling.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-dangling-reference>
    $<$<BOOL:${THROUGHLINE_WERROR}>:-Werror>)
target_compile_definitions(throughline_warnings INTERFACE
    QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_CAST_FROM_BYTEARRAY QT_NO_URL_CAST_FROM_STRING
    QT_NO_KEYWORDS QT_NO_FOREACH QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_STRICT_ITERATORS
    QT_DISABLE_DEPRECATED_BEFORE=0x060400
    THROUGHLINE_VERSION="${PROJECT_VERSION}")

if(THROUGHLINE_SANITIZE)
    # Line numbers are all that a sanitizer reports; the rest makes these builds half as slow again.
    add_compile_options(-fsanitize=${THROUGHLINE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -g1)
    add_link_options(-fsanitize=${THROUGHLINE_SANITIZE})
endif()
