#include "sim/loopback/loopback-doors.h"

#include "sim/loopback/loopback-dns-relay.h"
#include "sim/loopback/loopback-relay.h"

#include <string.h>

#define CONNECTIONS_MAXIMUM 256
#define PORT_TRIES 200

typedef struct {
    LoopbackDoor shown;
    LoopbackRelayPath path;
    LoopbackDoors *doors;
} Door;

struct LoopbackDoors {
    LoopbackDoorsOptions options;
    SimHost *machine;
    LoopbackRelays *relays;
    LoopbackServer *server;
    LoopbackDnsRelay *dns;
    GPtrArray *open; /* Door */
};

static void on_spoken(gpointer data)
{
    const Door *door = data;
    const LoopbackDoorsOptions *options = &door->doors->options;
    if (options->spoken != NULL) {
        options->spoken(options->data, &door->shown);
    }
}

static gpointer
accept_client(gpointer data, const LoopbackPlace *client, guint64 number, LoopbackLink *link)
{
    const Door *door = data;
    (void)client;
    (void)number;
    return loopback_relay_new(door->doors->relays, &door->path, link);
}

static bool listen_to_tcp(const Door *door, guint16 number, GError **error)
{
    LoopbackService service = {
        .accept = accept_client,
        .functions = &loopback_relay_owner,
        .data = (gpointer)door,
    };
    guint16 chosen;
    return loopback_server_listen(
        door->doors->server, LOOPBACK_DOORS_ADDRESS, number, &service, &chosen, error
    );
}

/* The DNS has both of a number: UDP first, for it is given back where TCP cannot be had. */
static bool listen_to(const Door *door, guint16 number, GError **error)
{
    LoopbackDoors *doors = door->doors;
    if (door->shown.port != LOOPBACK_DNS) {
        return listen_to_tcp(door, number, error);
    }
    LoopbackClock *clock = loopback_server_clock(doors->server);
    doors->dns = loopback_dns_relay_new(LOOPBACK_DOORS_ADDRESS, number, &door->path, clock, error);
    if (doors->dns == NULL || !listen_to_tcp(door, number, error)) {
        g_clear_pointer(&doors->dns, loopback_dns_relay_free);
        return false;
    }
    return true;
}

/* The first number from 'first' on that no other program has. */
static bool open_door(Door *door, guint16 first, GError **error)
{
    for (guint i = 0;; i++) {
        g_autoptr(GError) reason = NULL;
        door->shown.number = (guint16)(first + i);
        if (listen_to(door, door->shown.number, &reason)) {
            return true;
        }
        bool is_taken = g_error_matches(reason, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
        if (!is_taken || i + 1 == PORT_TRIES) {
            g_set_error(
                error,
                reason->domain,
                reason->code,
                "cannot listen on %s port %u for %s: %s",
                LOOPBACK_DOORS_ADDRESS,
                door->shown.number,
                loopback_ports[door->shown.port].name,
                reason->message
            );
            return false;
        }
    }
}

static guint16 first_number(const LoopbackDoors *doors, LoopbackPort port)
{
    guint16 number = loopback_ports[port].usual;
    for (guint i = 0; i < doors->open->len; i++) {
        const Door *door = doors->open->pdata[i];
        number = door->shown.port == port ? door->shown.number + 1 : number;
    }
    return number;
}

static bool add_door(LoopbackDoors *doors, const SimHost *host, LoopbackPort port, GError **error)
{
    const SimAddress *address = sim_host_address(host, SIM_FAMILY_IPV4);
    if (address == NULL || !sim_tcp_is_listening(host, loopback_ports[port].well_known)) {
        return true;
    }
    Door *door = g_new0(Door, 1);
    door->shown = (LoopbackDoor){.host = sim_host_name(host), .port = port};
    door->doors = doors;
    door->path = (LoopbackRelayPath){
        .from = doors->machine,
        .to = *address,
        .port = loopback_ports[port].well_known,
        .spoken = on_spoken,
        .data = door,
    };
    guint16 first = first_number(doors, port);
    g_ptr_array_add(doors->open, door);
    return open_door(door, first, error);
}

/* All doors of one host; the DNS is asked at the resolver only, as programs do. */
static bool add_host(LoopbackDoors *doors, const char *name, GError **error)
{
    const SimHost *host = sim_host_find(scenario_run_world(doors->options.run), name);
    for (LoopbackPort i = 0; host != NULL && i < N_LOOPBACK_PORTS; i++) {
        if (i != LOOPBACK_DNS && !add_door(doors, host, i, error)) {
            return false;
        }
    }
    return true;
}

static bool add_resolver(LoopbackDoors *doors, const Scenario *scenario, GError **error)
{
    const ScenarioDevice *device = scenario_device(scenario, doors->options.device);
    const ScenarioPerson *person = scenario_person(scenario, device->person);
    const char *domain = scenario_organisation(scenario, person->organisation)->domain;
    g_autofree char *name = g_strconcat("dns.", domain, NULL); /* see naming-internet.h */
    const SimHost *host = sim_host_find(scenario_run_world(doors->options.run), name);
    return host == NULL || add_door(doors, host, LOOPBACK_DNS, error);
}

static bool add_all(LoopbackDoors *doors, GError **error)
{
    const Scenario *scenario = scenario_run_scenario(doors->options.run);
    for (guint i = 0; i < scenario->servers->len; i++) {
        if (!add_host(doors, scenario_server(scenario, i)->name, error)) {
            return false;
        }
    }
    for (guint i = 0; i < scenario->hosts->len; i++) {
        if (!add_host(doors, g_array_index(scenario->hosts, ScenarioHost, i).name, error)) {
            return false;
        }
    }
    return add_resolver(doors, scenario, error);
}

LoopbackDoors *loopback_doors_new(const LoopbackDoorsOptions *options, GError **error)
{
    g_autoptr(LoopbackDoors) doors = g_new0(LoopbackDoors, 1);
    doors->options = *options;
    doors->machine = user_agent_host(scenario_run_user_agent(options->run, options->device));
    doors->relays = loopback_relays_new();
    doors->open = g_ptr_array_new_with_free_func(g_free);
    LoopbackServerOptions server = {
        .world = scenario_run_world(options->run),
        .pace = options->pace,
        .maximum = CONNECTIONS_MAXIMUM,
    };
    doors->server = loopback_server_new(&server);
    return add_all(doors, error) ? g_steal_pointer(&doors) : NULL;
}

void loopback_doors_free(LoopbackDoors *doors)
{
    if (doors == NULL) {
        return;
    }
    doors->options.spoken = NULL;
    loopback_dns_relay_free(doors->dns);
    loopback_server_free(doors->server);
    loopback_relays_free(doors->relays);
    g_ptr_array_unref(doors->open);
    g_free(doors);
}

guint loopback_doors_count(const LoopbackDoors *doors)
{
    return doors->open->len;
}

const LoopbackDoor *loopback_doors_at(const LoopbackDoors *doors, guint index)
{
    return &((const Door *)g_ptr_array_index(doors->open, index))->shown;
}

const LoopbackDoor *
loopback_doors_find(const LoopbackDoors *doors, const char *host, LoopbackPort port)
{
    for (guint i = 0; i < doors->open->len; i++) {
        const Door *door = doors->open->pdata[i];
        if (door->shown.port == port && (host == NULL || strcmp(door->shown.host, host) == 0)) {
            return &door->shown;
        }
    }
    return NULL;
}

LoopbackClock *loopback_doors_clock(const LoopbackDoors *doors)
{
    return loopback_server_clock(doors->server);
}
