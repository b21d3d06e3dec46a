"""What every run of the tests needs, also a run of one addon's tests alone."""

import freezegun

# Otherwise pytest measures with the clock that a test stopped: a set-up that stops it took
# fifty years, and each test after it no time at all.
freezegun.configure(extend_ignore_list=["_pytest.timing"])
