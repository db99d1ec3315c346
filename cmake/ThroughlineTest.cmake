# SPDX-License-Identifier: GPL-3.0-or-later
# throughline_add_test(NAME tst_x LABELS unit SOURCES a.cpp LIBRARIES ... [SMOKE function...] [GUI] [SERIAL])
# One Qt Test program. LABELS decides under which sanitizer `./dev test` runs it (threads: TSan; smoke: release;
# everything else: ASan and UBSan). The functions behind SMOKE are run a second time, as smoke_x, with the release build.
set(THROUGHLINE_TEST_LABEL "" CACHE STRING "Build only the tests with this label, e.g. threads or smoke")

function(throughline_add_test)
    cmake_parse_arguments(T "GUI;SERIAL" "NAME" "LABELS;SOURCES;LIBRARIES;SMOKE" ${ARGN})
    add_executable(${T_NAME} ${T_SOURCES})
    target_link_libraries(${T_NAME} PRIVATE throughline_warnings ${T_LIBRARIES} Qt6::Test)
    set_target_properties(${T_NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
    set(all_labels ${T_LABELS})
    if(T_SMOKE)
        list(APPEND all_labels smoke)
    endif()
    if(THROUGHLINE_TEST_LABEL AND NOT THROUGHLINE_TEST_LABEL IN_LIST all_labels)
        set_target_properties(${T_NAME} PROPERTIES EXCLUDE_FROM_ALL ON)
        return()
    endif()
    add_test(NAME ${T_NAME} COMMAND ${T_NAME})
    throughline_set_test_properties(${T_NAME} "${T_LABELS}" "${T_SERIAL}")
    if(T_SMOKE)
        string(REGEX REPLACE "^tst_" "smoke_" smoke "${T_NAME}")
        add_test(NAME ${smoke} COMMAND ${T_NAME} ${T_SMOKE})
        throughline_set_test_properties(${smoke} smoke "${T_SERIAL}")
    endif()
endfunction()

function(throughline_set_test_properties name labels serial)
    set(environment
        "QT_QPA_PLATFORM=offscreen" "LC_ALL=C.UTF-8" "TZ=UTC"
        "ASAN_OPTIONS=detect_leaks=1:abort_on_error=0" "UBSAN_OPTIONS=print_stacktrace=1"
        "LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/support/lsan.supp"
        # Qt's own locks are futexes that the sanitizer does not see; see ARCHITECTURE.md, "Threads".
        "TSAN_OPTIONS=ignore_noninstrumented_modules=1:halt_on_error=1:second_deadlock_stack=1")
    set_tests_properties(${name} PROPERTIES LABELS "${labels}" ENVIRONMENT "${environment}" TIMEOUT 240)
    if(serial)
        set_tests_properties(${name} PROPERTIES RUN_SERIAL ON)
    endif()
endfunction()
