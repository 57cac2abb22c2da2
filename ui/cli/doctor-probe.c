#include "ui/cli/doctor-probe.h"

#include "dissect/capture/capture-live.h"
#include "sim/loopback/loopback-house.h"
#include "ui/cli/data-files.h"
#include "ui/terminal/terminal-colours.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <langinfo.h>
#include <locale.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* The terminal of the person, even where the output goes into a pipe. */
static void probe_terminal(DoctorFacts *facts)
{
    struct winsize size = {0};
    int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    facts->terminal = g_strdup(g_getenv("TERM"));
    facts->refuses_colour = g_getenv("NO_COLOR") != NULL;
    if (terminal < 0) {
        return;
    }
    if (ioctl(terminal, TIOCGWINSZ, &size) == 0) {
        facts->columns = size.ws_col;
        facts->rows = size.ws_row;
    }
    facts->colours = terminal_colours(facts->terminal, terminal);
    close(terminal);
}

static void probe_locale(DoctorFacts *facts)
{
    static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (gsize i = 0; i < G_N_ELEMENTS(variables) && facts->locale == NULL; i++) {
        const char *value = g_getenv(variables[i]);
        facts->locale = value != NULL && *value != '\0' ? g_strdup(value) : NULL;
    }
    facts->has_locale = setlocale(LC_CTYPE, "") != NULL;
    facts->charset = g_strdup(nl_langinfo(CODESET));
}

/* Only writing a file shows whether one can be written: rights, a full disk, a mount for reading.
 */
static void probe_folder(DoctorFacts *facts, const char *path)
{
    DoctorFolder *folder = g_new0(DoctorFolder, 1);
    g_autofree char *name = g_build_filename(path, "mailwalk-doctor-XXXXXX", NULL);
    folder->path = g_strdup(path);
    int file = g_mkstemp(name);
    if (file < 0) {
        folder->problem = g_strdup(g_strerror(errno));
    } else {
        close(file);
        g_unlink(name);
    }
    g_ptr_array_add(facts->folders, folder);
}

static bool can_bind(int type, guint16 number)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(number),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int one = 1;
    int handle = socket(AF_INET, type | SOCK_CLOEXEC, 0);
    /* as a server does, so that connections that have just ended do not count */
    bool is_free = handle >= 0 &&
                   (type != SOCK_STREAM ||
                    setsockopt(handle, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) == 0) &&
                   bind(handle, (const struct sockaddr *)&address, sizeof(address)) == 0;
    if (handle >= 0) {
        close(handle);
    }
    return is_free;
}

static void probe_ports(DoctorFacts *facts)
{
    for (gsize i = 0; i < N_LOOPBACK_PORTS; i++) {
        const LoopbackPortRow *row = &loopback_ports[i];
        DoctorPort *port = g_new0(DoctorPort, 1);
        port->name = g_strdup(row->option);
        port->number = row->usual;
        port->is_free = can_bind(SOCK_STREAM, row->usual) &&
                        (i != LOOPBACK_DNS || can_bind(SOCK_DGRAM, row->usual));
        g_ptr_array_add(facts->ports, port);
    }
}

static void probe_capture(DoctorFacts *facts)
{
    const CaptureLiveOptions options = {
        .interface = "any",
        .keeps_privileges = true, /* nothing is read, and others are probed after this */
        .is_not_promiscuous = true,
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(CaptureReader) reader = capture_reader_open_live(&options, &error);
    if (reader == NULL) {
        facts->capture_problem = g_strdup("this user may not capture from a network");
    }
}

/* Servers lie where PATH of an ordinary user does not lead. */
static bool is_program(const char *name)
{
    g_autofree char *found = g_find_program_in_path(name);
    g_autofree char *beyond = g_build_filename("/usr/sbin", name, NULL);
    return found != NULL || g_file_test(beyond, G_FILE_TEST_IS_EXECUTABLE);
}

static void probe_programs(DoctorFacts *facts)
{
    for (gsize i = 0; i < n_doctor_tools; i++) {
        if (is_program(doctor_tools[i].name)) {
            g_ptr_array_add(facts->programs, g_strdup(doctor_tools[i].name));
        }
    }
    facts->has_apt = is_program("apt");
    facts->program = g_file_read_link("/proc/self/exe", NULL);
}

void doctor_probe(DoctorFacts *facts)
{
    g_autofree char *here = g_get_current_dir();
    g_autoptr(GPtrArray) scenarios = data_file_list("scenarios", ".scenario");
    g_autoptr(GPtrArray) traces = data_file_list("traces", "");
    facts->scenarios = scenarios->len;
    facts->traces = traces->len;
    probe_terminal(facts);
    probe_locale(facts);
    probe_folder(facts, here);
    probe_folder(facts, g_get_tmp_dir());
    probe_ports(facts);
    probe_capture(facts);
    probe_programs(facts);
}
