#include "ui/cli/listen-command.h"

#include "ui/cli/listen-options.h"
#include "ui/cli/listen-view.h"
#include "ui/cli/serve-loop.h"

#include <sys/resource.h>

#define USERS_SHOWN 8

static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static void show_ports(FILE *out, const LoopbackHouse *house, const ListenOptions *options)
{
    const ScenarioOrganisation *organisation = &g_array_index(
        options->scenario->organisations, ScenarioOrganisation, options->organisation
    );
    const char *address = options->address;
    const ScenarioPerson *person =
        options->scenario->people->len == 0
            ? NULL
            : &g_array_index(options->scenario->people, ScenarioPerson, 0);
    for (LoopbackPort i = 0; i < N_LOOPBACK_PORTS; i++) {
        guint port = loopback_house_port(house, i);
        if (port == 0) {
            continue;
        }
        fprintf(out, "  %-11s %5u", loopback_ports[i].name, port);
        if (i == LOOPBACK_SMTP && person != NULL) {
            fprintf(out, "   swaks --server %s:%u --to %s", address, port, person->address);
        } else if (i == LOOPBACK_POP3 && person != NULL) {
            fprintf(
                out,
                "   curl pop3://%s:%u/1 -u %s:%s",
                address,
                port,
                person->login,
                person->password
            );
        } else if (i == LOOPBACK_IMAP && person != NULL) {
            fprintf(
                out,
                "   curl imap://%s:%u/ -u %s:%s",
                address,
                port,
                person->login,
                person->password
            );
        } else if (i == LOOPBACK_HTTP) {
            fprintf(out, "   http://%s:%u/ in a browser", address, port);
        } else if (i == LOOPBACK_DNS) {
            fprintf(out, "   dig @%s -p %u %s MX", address, port, organisation->domain);
        }
        fputc('\n', out);
    }
}

static void show_users(FILE *out, const ListenOptions *options)
{
    const GArray *people = options->scenario->people;
    for (guint i = 0; i < MIN(people->len, USERS_SHOWN); i++) {
        const ScenarioPerson *person = &g_array_index(people, ScenarioPerson, i);
        fprintf(
            out, "  %-27s user %s, password %s\n", person->address, person->login, person->password
        );
    }
    if (people->len > USERS_SHOWN) {
        fprintf(out, "  and %u more users\n", people->len - USERS_SHOWN);
    }
}

static void show_start(FILE *out, const LoopbackHouse *house, const ListenOptions *options)
{
    fprintf(
        out,
        "%s listens on %s; Ctrl-C stops it.\n\n",
        loopback_house_host_name(house),
        options->address
    );
    show_ports(out, house, options);
    fputc('\n', out);
    show_users(out, options);
    fputc('\n', out);
    if (options->maildir == NULL) {
        fprintf(out, "Mail is kept in memory and gone when it stops; --maildir=DIR keeps it.\n");
    } else {
        fprintf(out, "Mail is kept in %s.\n", options->maildir);
    }
    if (options->is_own) {
        fprintf(out, "Mail for other domains is refused: there is no world around this server.\n");
    }
    fflush(out);
}

/* How other programs open the capture: they do not know these ports. */
static void show_capture(
    FILE *out, const LoopbackHouse *house, const ListenOptions *options, const ListenView *view
)
{
    g_autoptr(GString) rules = g_string_new(NULL);
    static const char *const tshark_names[N_LOOPBACK_PORTS] = {
        [LOOPBACK_SMTP] = "tcp.port==%u,smtp",
        [LOOPBACK_SUBMISSION] = "tcp.port==%u,smtp",
        [LOOPBACK_POP3] = "tcp.port==%u,pop",
        [LOOPBACK_IMAP] = "tcp.port==%u,imap",
        [LOOPBACK_HTTP] = "tcp.port==%u,http",
        [LOOPBACK_DNS] = "udp.port==%u,dns",
    };
    for (LoopbackPort i = 0; i < N_LOOPBACK_PORTS; i++) {
        guint port = loopback_house_port(house, i);
        if (port != 0) {
            const char *colon = strstr(tshark_names[i], "%u");
            g_string_append_printf(
                rules,
                " -d %.*s%u%s",
                (int)(colon - tshark_names[i]),
                tshark_names[i],
                port,
                colon + 2
            );
        }
    }
    fprintf(
        out,
        "%s has %" G_GUINT64_FORMAT " frames. To read it:\n  wireshark -r %s%s\n",
        options->pcap,
        listen_view_frame_count(view),
        options->pcap,
        rules->str
    );
}

/* What the dissector must know: which protocol speaks on which port. */
static GPtrArray *port_rules(const ListenOptions *options)
{
    GPtrArray *rules = g_ptr_array_new_with_free_func(g_free);
    for (LoopbackPort i = 0; i < N_LOOPBACK_PORTS; i++) {
        if (options->ports[i] > 0) {
            g_ptr_array_add(
                rules, g_strdup_printf("%d=%s", options->ports[i], loopback_ports[i].protocol)
            );
        }
    }
    g_ptr_array_add(rules, NULL);
    return rules;
}

/* What the view asks about. */
typedef struct {
    const ListenOptions *options;
    LoopbackHouse *house; /* NULL: not yet, or not any more */
} Serving;

static const char *host_name(gpointer data, const PacketAddress *address)
{
    const Serving *serving = data;
    return serving->house == NULL
               ? NULL
               : loopback_house_name_of(
                     serving->house, address->octets, address->version == 4 ? 4 : 16
                 );
}

static const char *port_name(gpointer data, guint16 port)
{
    const ListenOptions *options = ((const Serving *)data)->options;
    for (LoopbackPort i = 0; i < N_LOOPBACK_PORTS; i++) {
        if (options->ports[i] == port) {
            return loopback_ports[i].name;
        }
    }
    return NULL;
}

static LoopbackHouse *open_house(
    const ListenOptions *options, ListenView *view, const ScenarioObserver *observer, GError **error
)
{
    LoopbackHouseOptions house = {
        .scenario = options->scenario,
        .organisation = options->organisation,
        .address = options->address,
        .maildir = options->maildir,
        .quota = (guint64)options->quota,
        .silence = options->silence,
        .without = options->without,
        .may_relay = !options->is_own,
        .secret = (guint64)g_random_int() << 32 | g_random_int(),
        .frames = listen_view_frames(view),
        .observer = observer,
    };
    memcpy(house.ports, options->ports, sizeof house.ports);
    return loopback_house_new(&house, error);
}

static bool is_loopback(const char *address)
{
    g_autoptr(GInetAddress) place = g_inet_address_new_from_string(address);
    return place != NULL && g_inet_address_get_is_loopback(place);
}

static ExitStatus listen(const ListenOptions *options)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rules = port_rules(options);
    Serving serving = {.options = options};
    FILE *out = options->is_json ? stderr : stdout; /* JSON lines have stdout for themselves */
    ListenViewOptions view_options = {
        .level = options->level,
        .is_quiet = options->is_quiet,
        .is_json = options->is_json,
        .show_secrets = options->show_secrets,
        .pcap = options->pcap,
        .rules = (const char *const *)rules->pdata,
        .port_name = port_name,
        .host_name = host_name,
        .data = &serving,
    };
    g_autoptr(ListenView) view = listen_view_new(stdout, &view_options, &error);
    if (view == NULL) {
        return cli_environment_error("listen", "%s", error->message);
    }
    if (!is_loopback(options->address)) {
        fprintf(
            stderr,
            "mailwalk listen: warning: other machines can reach %s; anybody there may send mail "
            "and "
            "try passwords, and nothing is encrypted\n",
            options->address
        );
    }
    ScenarioObserver observer = listen_view_observer(view);
    LoopbackHouse *house = open_house(options, view, &observer, &error);
    if (house == NULL) {
        bool is_port = g_error_matches(error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE) ||
                       g_error_matches(error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
        return cli_environment_error(
            "listen",
            "%s%s",
            error->message,
            is_port ? "; --smtp, --pop3 and so on choose other ports, 0 any that is free" : ""
        );
    }
    serving.house = house;
    show_start(out, house, options);
    if (options->is_json) {
        listen_view_start_json(view, loopback_house_host_name(house));
    }
    serve_loop_run(view, &error);
    guint waiting = loopback_house_waiting(house);
    if (waiting > 0) {
        fprintf(out, "\n%u message%s still waited to be sent.\n", waiting, waiting == 1 ? "" : "s");
    }
    if (error == NULL && listen_view_finish(view, &error) && options->pcap != NULL) {
        show_capture(out, house, options, view);
    }
    serving.house = NULL;
    loopback_house_free(house);
    return error == NULL ? EXIT_DONE : cli_environment_error("listen", "%s", error->message);
}

ExitStatus listen_command_run(int argc, char **argv)
{
    ListenOptions options;
    ExitStatus status = EXIT_DONE;
    if (!listen_options_read(argc, argv, &options, &status)) {
        return status;
    }
    raise_descriptor_limit();
    status = listen(&options);
    listen_options_clear(&options);
    return status;
}
