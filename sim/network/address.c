#include "sim/network/address.h"

#include <arpa/inet.h>
#include <stdlib.h>

SimAddress sim_address_ipv4(guint8 first, guint8 second, guint8 third, guint8 fourth)
{
    return (SimAddress){.family = SIM_FAMILY_IPV4, .octets = {first, second, third, fourth}};
}

bool sim_address_parse(const char *text, SimAddress *out_address)
{
    SimAddress address = {.family = SIM_FAMILY_IPV4};
    if (inet_pton(AF_INET, text, address.octets) == 1) {
        *out_address = address;
        return true;
    }
    memset(&address, 0, sizeof address);
    if (inet_pton(AF_INET6, text, address.octets) == 1) {
        address.family = SIM_FAMILY_IPV6;
        *out_address = address;
        return true;
    }
    return false;
}

bool sim_address_parse_prefix(const char *text, SimAddress *out_prefix, guint *out_length)
{
    const char *slash = strchr(text, '/');
    if (slash == NULL || slash == text || !g_ascii_isdigit(slash[1]) || strlen(slash) > 4) {
        return false;
    }
    g_autofree char *address_text = g_strndup(text, (gsize)(slash - text));
    SimAddress prefix;
    char *end = NULL;
    gulong length = strtoul(slash + 1, &end, 10);
    if (*end != '\0' || !sim_address_parse(address_text, &prefix) ||
        length > 8 * sim_address_length(&prefix)) {
        return false;
    }
    SimAddress masked = sim_address_mask(&prefix, (guint)length);
    if (!sim_address_equal(&masked, &prefix)) {
        return false;
    }
    *out_prefix = prefix;
    *out_length = (guint)length;
    return true;
}

const char *sim_address_format(const SimAddress *address, char buffer[SIM_ADDRESS_TEXT_SIZE])
{
    if (address->family == SIM_FAMILY_NONE) {
        g_strlcpy(buffer, "none", SIM_ADDRESS_TEXT_SIZE);
    } else {
        int family = address->family == SIM_FAMILY_IPV6 ? AF_INET6 : AF_INET;
        inet_ntop(family, address->octets, buffer, SIM_ADDRESS_TEXT_SIZE);
    }
    return buffer;
}

int sim_address_compare(const SimAddress *left, const SimAddress *right)
{
    return memcmp(left, right, sizeof *left);
}

SimAddress sim_address_mask(const SimAddress *address, guint length)
{
    SimAddress masked = *address;
    for (guint i = 0; i < sizeof masked.octets; i++) {
        guint kept = length > 8 * i ? MIN(length - 8 * i, 8) : 0;
        masked.octets[i] &= (guint8)(0xff00u >> kept);
    }
    return masked;
}

bool sim_address_in_prefix(const SimAddress *address, const SimAddress *prefix, guint length)
{
    if (address->family != prefix->family) {
        return false;
    }
    guint whole = length / 8;
    guint rest = length % 8;
    if (memcmp(address->octets, prefix->octets, whole) != 0) {
        return false;
    }
    guint8 mask = (guint8)(0xff00u >> rest);
    return rest == 0 || ((address->octets[whole] ^ prefix->octets[whole]) & mask) == 0;
}

bool sim_address_is_loopback(const SimAddress *address)
{
    if (address->family == SIM_FAMILY_IPV4) {
        return address->octets[0] == 127;
    }
    static const SimAddress ipv6_loopback = {.family = SIM_FAMILY_IPV6, .octets = {[15] = 1}};
    return sim_address_equal(address, &ipv6_loopback);
}

bool sim_address_is_multicast(const SimAddress *address)
{
    if (address->family == SIM_FAMILY_IPV4) {
        static const guint8 broadcast[4] = {255, 255, 255, 255};
        return (address->octets[0] & 0xf0) == 0xe0 || memcmp(address->octets, broadcast, 4) == 0;
    }
    return address->octets[0] == 0xff;
}

const char *sim_mac_format(const SimMac *mac, char buffer[SIM_MAC_TEXT_SIZE])
{
    const guint8 *octets = mac->octets;
    g_snprintf(
        buffer,
        SIM_MAC_TEXT_SIZE,
        "%02x:%02x:%02x:%02x:%02x:%02x",
        octets[0],
        octets[1],
        octets[2],
        octets[3],
        octets[4],
        octets[5]
    );
    return buffer;
}

bool sim_mac_parse(const char *text, SimMac *out_mac)
{
    SimMac mac;
    if (strlen(text) != SIM_MAC_TEXT_SIZE - 1) {
        return false;
    }
    for (guint i = 0; i < 6; i++) {
        int high = g_ascii_xdigit_value(text[3 * i]);
        int low = g_ascii_xdigit_value(text[3 * i + 1]);
        if (high < 0 || low < 0 || (i < 5 && text[3 * i + 2] != ':')) {
            return false;
        }
        mac.octets[i] = (guint8)(high * 16 + low);
    }
    *out_mac = mac;
    return true;
}
