# SPDX-License-Identifier: GPL-3.0-or-later
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(PostgreSQL REQUIRED)
find_package(tl-expected REQUIRED)
find_package(Qt6 6.4 REQUIRED COMPONENTS Core Sql Network)
if(THROUGHLINE_GUI)
    find_package(Qt6 6.4 REQUIRED COMPONENTS Gui Widgets Svg DBus PrintSupport)
    # Debian builds it for Qt 6 as a package of its own; it exports to PDF, for which it needs PrintSupport.
    find_package(QCustomPlotQt6 REQUIRED)
endif()
if(BUILD_TESTING)
    find_package(Qt6 6.4 REQUIRED COMPONENTS Test Gui)
endif()
qt_standard_project_setup()
set(CMAKE_AUTOUIC OFF)

pkg_check_modules(HIREDIS REQUIRED IMPORTED_TARGET hiredis>=0.14)
# Readiness and watchdog of the gateway as a service.
pkg_check_modules(SYSTEMD REQUIRED IMPORTED_TARGET libsystemd)
# TLS is a library of its own; Debian 12 does not ship it.
pkg_check_modules(HIREDIS_SSL IMPORTED_TARGET hiredis_ssl)
find_package(OpenSSL)
