# SPDX-License-Identifier: GPL-3.0-or-later
"""The measurements: each module has SPECS, its rows, and run(bench, wanted), which returns those that are wanted."""
