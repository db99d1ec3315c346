# SPDX-License-Identifier: GPL-3.0-or-later
"""Why there are no figures."""


class BenchError(Exception):
    """A sentence for whoever runs the bench: something is missing, or what was measured was not what was meant."""
