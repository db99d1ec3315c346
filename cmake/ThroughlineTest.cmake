# SPDX-License-Identifier: GPL-3.0-or-later
# throughline_add_test(NAME tst_x LABELS unit SOURCES a.cpp LIBRARIES ... [GUI] [SERIAL])
# One Qt Test program. LABELS decides under which sanitizer `./dev test` runs it (threads: TSan; smoke: release;
# everything else: ASan and UBSan).
function(throughline_add_test)
    cmake_parse_arguments(T "GUI;SERIAL" "NAME" "LABELS;SOURCES;LIBRARIES" ${ARGN})
    add_executable(${T_NAME} ${T_SOURCES})
    target_link_libraries(${T_NAME} PRIVATE throughline_warnings ${T_LIBRARIES} Qt6::Test)
    set_target_properties(${T_NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
    add_test(NAME ${T_NAME} COMMAND ${T_NAME})
    set(environment
        "QT_QPA_PLATFORM=offscreen" "LC_ALL=C.UTF-8" "TZ=UTC"
        "ASAN_OPTIONS=detect_leaks=1:abort_on_error=0" "UBSAN_OPTIONS=print_stacktrace=1"
        "LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/support/lsan.supp"
        # Qt's own locks are futexes that the sanitizer does not see; see ARCHITECTURE.md, "Threads".
        "TSAN_OPTIONS=ignore_noninstrumented_modules=1:halt_on_error=1:second_deadlock_stack=1")
    set_tests_properties(${T_NAME} PROPERTIES LABELS "${T_LABELS}" ENVIRONMENT "${environment}" TIMEOUT 240)
    if(T_SERIAL)
        set_tests_properties(${T_NAME} PROPERTIES RUN_SERIAL ON)
    endif()
endfunction()
