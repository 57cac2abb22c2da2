/* Linked into every program of a coverage build. A process that was forked for a trial leaves by
 * _exit(), which would throw its counters away. */

#include <sys/syscall.h>
#include <unistd.h>

void __gcov_dump(void);

void _exit(int status)
{
    __gcov_dump();
    syscall(SYS_exit_group, status);
    __builtin_unreachable();
}
