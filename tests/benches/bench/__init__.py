# SPDX-License-Identifier: GPL-3.0-or-later
"""What `./dev bench` runs: measurements against limits of the same run, on servers of its own. Standard library only."""
