#pragma once

/* An IPv4 or IPv6 address as a value, and the MAC address of an interface. Unused octets are zero,
 * so two equal addresses are equal in memory too. */

#include <glib.h>
#include <stdbool.h>
#include <string.h>

typedef enum {
    SIM_FAMILY_NONE = 0, /* no address, or "any" where an address may be left out */
    SIM_FAMILY_IPV4 = 4,
    SIM_FAMILY_IPV6 = 6,
} SimFamily;

typedef struct {
    guint8 family; /* SimFamily */
    guint8 octets[16];
} SimAddress;

typedef struct {
    guint8 octets[6];
} SimMac;

#define SIM_ADDRESS_NONE ((SimAddress){.family = SIM_FAMILY_NONE})
#define SIM_ADDRESS_TEXT_SIZE 48

/* 4 or 16 */
static inline gsize sim_address_length(const SimAddress *address)
{
    return address->family == SIM_FAMILY_IPV6 ? 16 : 4;
}

static inline SimAddress sim_address_from_octets(SimFamily family, const guint8 *octets)
{
    SimAddress address = {.family = (guint8)family};
    memcpy(address.octets, octets, family == SIM_FAMILY_IPV6 ? 16 : 4);
    return address;
}

static inline bool sim_address_equal(const SimAddress *left, const SimAddress *right)
{
    return memcmp(left, right, sizeof *left) == 0;
}

SimAddress sim_address_ipv4(guint8 first, guint8 second, guint8 third, guint8 fourth);

/* "192.0.2.7" or "2001:db8::7"; anything else is false. */
G_GNUC_WARN_UNUSED_RESULT bool sim_address_parse(const char *text, SimAddress *out_address);
/* "192.0.2.0/24"; the bits after the length must be zero. */
G_GNUC_WARN_UNUSED_RESULT bool
sim_address_parse_prefix(const char *text, SimAddress *out_prefix, guint *out_length);
const char *sim_address_format(const SimAddress *address, char buffer[SIM_ADDRESS_TEXT_SIZE]);

int sim_address_compare(const SimAddress *left, const SimAddress *right);
bool sim_address_in_prefix(const SimAddress *address, const SimAddress *prefix, guint length);
SimAddress sim_address_mask(const SimAddress *address, guint length);
bool sim_address_is_loopback(const SimAddress *address);
bool sim_address_is_multicast(const SimAddress *address); /* IPv4 broadcast included */

/* "02:00:00:00:00:07" */
#define SIM_MAC_TEXT_SIZE 18
const char *sim_mac_format(const SimMac *mac, char buffer[SIM_MAC_TEXT_SIZE]);
G_GNUC_WARN_UNUSED_RESULT bool sim_mac_parse(const char *text, SimMac *out_mac);
