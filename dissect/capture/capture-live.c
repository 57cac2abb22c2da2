#include "dissect/capture/capture-live.h"

#include "dissect/capture/capture-reader-internal.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#define WHOLE_FRAMES 262144
#define KERNEL_BUFFER (16 * 1024 * 1024)
#define READ_TIMEOUT_MS 100
#define IDLE_MS 250

struct CaptureLive {
    int signals; /* descriptor that gives the blocked signals */
    sigset_t previous;
    bool has_blocked;
};

void capture_live_free(CaptureLive *live)
{
    if (live == NULL) {
        return;
    }
    if (live->signals >= 0) {
        close(live->signals);
    }
    if (live->has_blocked) {
        pthread_sigmask(SIG_SETMASK, &live->previous, NULL);
    }
    g_free(live);
}

static bool block_signals(CaptureLive *live, GError **error)
{
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGINT);
    sigaddset(&ending, SIGTERM);
    live->has_blocked = pthread_sigmask(SIG_BLOCK, &ending, &live->previous) == 0;
    live->signals = signalfd(-1, &ending, SFD_NONBLOCK | SFD_CLOEXEC);
    if (live->signals < 0) {
        g_set_error(
            error,
            CAPTURE_ERROR,
            CAPTURE_ERROR_OPEN,
            "signals cannot be waited for: %s",
            g_strerror(errno)
        );
        return false;
    }
    return true;
}

/* Who to become: whoever called sudo, else who started a set-user-ID program, else nobody. */
static void choose_user(uid_t *out_user, gid_t *out_group)
{
    *out_user = getuid();
    *out_group = getgid();
    if (*out_user != 0) {
        return;
    }
    const char *user = g_getenv("SUDO_UID");
    const char *group = g_getenv("SUDO_GID");
    guint64 user_number = 0;
    guint64 group_number = 0;
    if (user != NULL && group != NULL &&
        g_ascii_string_to_unsigned(user, 10, 1, G_MAXINT, &user_number, NULL) &&
        g_ascii_string_to_unsigned(group, 10, 1, G_MAXINT, &group_number, NULL)) {
        *out_user = (uid_t)user_number;
        *out_group = (gid_t)group_number;
        return;
    }
    const struct passwd *nobody = getpwnam("nobody");
    *out_user = nobody != NULL ? nobody->pw_uid : 65534;
    *out_group = nobody != NULL ? nobody->pw_gid : 65534;
}

/* A program that was given single capabilities instead of being run by root. */
static bool drop_capabilities(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};
    return syscall(SYS_capset, &header, none) == 0;
}

static bool drop_privileges(GError **error)
{
    bool is_root = geteuid() == 0;
    uid_t user;
    gid_t group;
    choose_user(&user, &group);
    bool has_become =
        !is_root || (setgroups(0, NULL) == 0 && setgid(group) == 0 && setuid(user) == 0);
    if (!has_become || !drop_capabilities() || (is_root && setuid(0) == 0)) {
        g_set_error(
            error,
            CAPTURE_ERROR,
            CAPTURE_ERROR_OPEN,
            "the rights that capturing needs cannot be given up again: %s",
            g_strerror(errno)
        );
        return false;
    }
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    return true;
}

static pcap_t *activate(const CaptureLiveOptions *options, GError **error)
{
    char reason[PCAP_ERRBUF_SIZE];
    pcap_t *pcap = pcap_create(options->interface, reason);
    if (pcap == NULL) {
        g_set_error(error, CAPTURE_ERROR, CAPTURE_ERROR_OPEN, "%s", reason);
        return NULL;
    }
    guint32 length = options->snapshot_length != 0 ? options->snapshot_length : WHOLE_FRAMES;
    pcap_set_snaplen(pcap, (int)MIN(length, (guint32)WHOLE_FRAMES));
    pcap_set_promisc(pcap, !options->is_not_promiscuous);
    pcap_set_timeout(pcap, READ_TIMEOUT_MS);
    pcap_set_buffer_size(pcap, KERNEL_BUFFER);
    pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);
    int status = pcap_activate(pcap);
    if (status >= 0) {
        return pcap;
    }
    const char *advice = status == PCAP_ERROR_PERM_DENIED
                             ? "; capturing needs rights: use sudo, or capture with tcpdump and "
                               "give the file"
                             : "";
    const char *general = pcap_statustostr(status);
    const char *detail = pcap_geterr(pcap);
    bool has_detail = *detail != '\0' && strcmp(detail, general) != 0;
    g_set_error(
        error,
        CAPTURE_ERROR,
        CAPTURE_ERROR_OPEN,
        "%s cannot be captured from: %s%s%s%s",
        options->interface,
        general,
        has_detail ? ", " : "",
        has_detail ? detail : "",
        advice
    );
    pcap_close(pcap);
    return NULL;
}

static bool set_filter(pcap_t *pcap, const char *filter, GError **error)
{
    struct bpf_program program;
    if (pcap_compile(pcap, &program, filter, 1, PCAP_NETMASK_UNKNOWN) != 0) {
        g_set_error(
            error,
            CAPTURE_ERROR,
            CAPTURE_ERROR_FILTER,
            "the filter \"%s\" is wrong: %s",
            filter,
            pcap_geterr(pcap)
        );
        return false;
    }
    int status = pcap_setfilter(pcap, &program);
    pcap_freecode(&program);
    if (status != 0) {
        g_set_error(
            error,
            CAPTURE_ERROR,
            CAPTURE_ERROR_FILTER,
            "the filter cannot be used: %s",
            pcap_geterr(pcap)
        );
    }
    return status == 0;
}

CaptureReader *capture_reader_open_live(const CaptureLiveOptions *options, GError **error)
{
    g_autoptr(CaptureReader) reader = g_new0(CaptureReader, 1);
    reader->first_number = 1;
    reader->next_number = 1;
    reader->live = g_new0(CaptureLive, 1);
    reader->live->signals = -1;
    reader->live_name = g_strdup(options->interface);
    reader->pcap = activate(options, error);
    if (reader->pcap == NULL) {
        return NULL;
    }
    if (options->filter != NULL && !set_filter(reader->pcap, options->filter, error)) {
        return NULL;
    }
    char reason[PCAP_ERRBUF_SIZE];
    if (pcap_setnonblock(reader->pcap, 1, reason) != 0) {
        g_set_error(error, CAPTURE_ERROR, CAPTURE_ERROR_OPEN, "%s", reason);
        return NULL;
    }
    if (!options->keeps_privileges && !drop_privileges(error)) {
        return NULL;
    }
    if (!block_signals(reader->live, error)) {
        return NULL;
    }
    reader->link_type = (guint32)pcap_datalink(reader->pcap);
    reader->has_microseconds =
        pcap_get_tstamp_precision(reader->pcap) == PCAP_TSTAMP_PRECISION_MICRO;
    return g_steal_pointer(&reader);
}

/* Takes the signal, and lets a second one kill, should what comes after take too long. */
static bool take_signal(CaptureLive *live)
{
    struct signalfd_siginfo info;
    if (read(live->signals, &info, sizeof info) != (gssize)sizeof info) {
        return false;
    }
    if (live->has_blocked) {
        live->has_blocked = false;
        pthread_sigmask(SIG_SETMASK, &live->previous, NULL);
    }
    return true;
}

CaptureResult capture_live_wait(CaptureReader *reader)
{
    struct pollfd waiting[2] = {
        {.fd = reader->live->signals, .events = POLLIN},
        {.fd = pcap_get_selectable_fd(reader->pcap), .events = POLLIN},
    };
    int count = poll(waiting, G_N_ELEMENTS(waiting), IDLE_MS);
    if (count > 0 && (waiting[0].revents & POLLIN) && take_signal(reader->live)) {
        capture_reader_stop(reader);
        return CAPTURE_END;
    }
    return CAPTURE_IDLE;
}
