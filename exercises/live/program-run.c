#include "exercises/live/program-run.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/if.h>
#include <linux/sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

/* A network of its own has a loopback interface that is down. */
static bool raise_loopback(void)
{
    g_autoptr(GSocket) socket =
        g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
    struct ifreq request = {.ifr_name = "lo"};
    if (socket == NULL || ioctl(g_socket_get_fd(socket), SIOCGIFFLAGS, &request) != 0) {
        return false;
    }
    request.ifr_flags = (short)(request.ifr_flags | IFF_UP);
    return ioctl(g_socket_get_fd(socket), SIOCSIFFLAGS, &request) == 0;
}

bool program_sandbox_enter(void)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); /* what a program leaves behind comes to us */
    return syscall(SYS_unshare, CLONE_NEWUSER | CLONE_NEWNET) == 0 && raise_loopback();
}

#else

bool program_sandbox_enter(void)
{
    return false;
}
#endif

static void limit(int resource, rlim_t value)
{
    struct rlimit old;
    if (getrlimit((__rlimit_resource_t)resource, &old) == 0 && old.rlim_max < value) {
        value = old.rlim_max;
    }
    setrlimit(
        (__rlimit_resource_t)resource, &(struct rlimit){.rlim_cur = value, .rlim_max = value}
    );
}

/* In the child, between fork and exec: only calls that are safe there. */
static void become_program(const char *const *arguments, const char *folder, int output)
{
    setpgid(0, 0);
    int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    for (int fd = 3; fd < 1024; fd++) {
        close(fd);
    }
    limit(RLIMIT_CPU, PROGRAM_CPU_SECONDS);
    limit(RLIMIT_AS, PROGRAM_MEMORY);
    limit(RLIMIT_FSIZE, PROGRAM_FILE_SIZE);
    limit(RLIMIT_NPROC, PROGRAM_PROCESSES);
    limit(RLIMIT_CORE, 0);
    signal(SIGPIPE, SIG_DFL);
    if (chdir(folder) == 0) {
        execvp(arguments[0], (char *const *)arguments);
    }
    static const char message[] = "the program cannot be started\n";
    gssize ignored = write(STDERR_FILENO, message, sizeof message - 1);
    (void)ignored;
    _exit(127);
}

static const char *interpreter_of(const char *path)
{
    return g_str_has_suffix(path, ".py") ? "python3" : g_str_has_suffix(path, ".sh") ? "sh" : NULL;
}

bool program_run_is_possible(const char *path)
{
    return access(path, X_OK) == 0 || interpreter_of(path) != NULL;
}

static GPtrArray *with_interpreter(const char *const *arguments)
{
    GPtrArray *all = g_ptr_array_new();
    const char *interpreter = interpreter_of(arguments[0]);
    if (access(arguments[0], X_OK) != 0 && interpreter != NULL) {
        g_ptr_array_add(all, (gpointer)interpreter);
    }
    for (gsize i = 0; arguments[i] != NULL; i++) {
        g_ptr_array_add(all, (gpointer)arguments[i]);
    }
    g_ptr_array_add(all, NULL);
    return all;
}

bool program_run_start(
    ProgramRun *run, const char *const *arguments, const char *folder, GError **error
)
{
    *run = (ProgramRun){.output_fd = -1};
    run->output = g_string_new(NULL);
    g_autoptr(GPtrArray) all = with_interpreter(arguments);
    int ends[2];
    if (pipe(ends) != 0) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "pipe: %s", g_strerror(errno));
        return false;
    }
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    run->process = fork();
    if (run->process == 0) {
        become_program((const char *const *)all->pdata, folder, ends[1]);
    }
    close(ends[1]);
    run->output_fd = ends[0];
    if (run->process < 0) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "fork: %s", g_strerror(errno));
        return false;
    }
    setpgid(run->process, run->process);
    run->has_started = true;
    return true;
}

static void read_output(ProgramRun *run)
{
    char piece[1024];
    gssize length;
    while ((length = read(run->output_fd, piece, sizeof piece)) > 0) {
        gsize room = PROGRAM_OUTPUT_MAXIMUM - run->output->len;
        g_string_append_len(run->output, piece, (gssize)MIN((gsize)length, room));
        run->is_truncated = run->is_truncated || (gsize)length > room;
    }
}

void program_run_poll(ProgramRun *run)
{
    read_output(run);
    int status;
    if (!run->has_ended && waitpid(run->process, &status, WNOHANG) == run->process) {
        run->has_ended = true;
        run->was_signalled = WIFSIGNALED(status);
        run->status = run->was_signalled ? WTERMSIG(status) : WEXITSTATUS(status);
        read_output(run);
    }
}

/* Children that left the process group come to us when their parents die. */
static void kill_orphans(void)
{
    for (guint tries = 0; tries < 100; tries++) {
        g_autofree char *path = g_strdup_printf("/proc/self/task/%d/children", (int)getpid());
        g_autofree char *children = NULL;
        if (!g_file_get_contents(path, &children, NULL, NULL) || children[0] == '\0') {
            return;
        }
        g_auto(GStrv) numbers = g_strsplit(children, " ", -1);
        for (gsize i = 0; numbers[i] != NULL; i++) {
            gint64 number = g_ascii_strtoll(numbers[i], NULL, 10);
            if (number > 1) {
                kill((pid_t)number, SIGKILL);
            }
        }
        while (waitpid(-1, NULL, WNOHANG) > 0) {
        }
        g_usleep(1000);
    }
}

void program_run_stop(ProgramRun *run)
{
    if (run->has_started) {
        kill(-run->process, SIGKILL);
        if (!run->has_ended) {
            waitpid(run->process, NULL, 0);
        }
        kill_orphans();
    }
    if (run->output_fd >= 0) {
        close(run->output_fd);
    }
    if (run->output != NULL) {
        g_string_free(run->output, TRUE);
    }
    *run = (ProgramRun){.output_fd = -1};
}
