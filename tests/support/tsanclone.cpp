// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdarg>
#include <dlfcn.h>
#include <sched.h>
#include <sys/types.h>

// QProcess starts a child with clone(CLONE_VM | CLONE_VFORK). The clone() of ThreadSanitizer takes that for a fork: it
// declares all other threads of this program dead and stops reporting for this one, in memory that parent and child
// share. A program that starts servers and looks for races therefore calls the one of the C library.
extern "C" int clone(int (*function)(void *), void *stack, int flags, void *argument, ...) noexcept
{
    va_list more;
    va_start(more, argument);
    auto *parentId = va_arg(more, pid_t *);
    auto *threadStorage = va_arg(more, void *);
    auto *childId = va_arg(more, pid_t *);
    va_end(more);
    static const auto real =
        reinterpret_cast<decltype(&clone)>(dlsym(dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD), "clone"));
    return real(function, stack, flags, argument, parentId, threadStorage, childId);
}
