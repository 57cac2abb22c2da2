#pragma once

/* A frame cut into layers and fields, for views that show it octet by octet: Ethernet, ARP, IPv4,
 * IPv6, ICMP, UDP, TCP, then what these carry: the lines of a mail protocol, the fields of a DNS
 * message. Other layers are one field each. */

#include "dissect/packet/packet.h"

typedef struct {
    char *name; /* "Ethernet", "IPv4", "TCP", "SMTP" */
    guint offset;
    guint length;
} FrameLayer;

typedef struct {
    guint layer; /* index */
    guint offset;
    guint length;
    char *name;    /* "time to live" */
    char *value;   /* "64" */
    char *meaning; /* NULL: nothing to add */
} FrameField;

typedef struct {
    GArray *layers; /* FrameLayer, in order of octets */
    GArray *fields; /* FrameField, in order of octets */
} FrameFields;

#define FRAME_FIELDS_MAXIMUM 2000 /* of one frame */

/* 'protocol' is that of the conversation ("SMTP"; "": unknown). Never NULL. */
FrameFields *frame_fields_new(const CaptureFrame *frame, const char *protocol);
void frame_fields_free(FrameFields *fields);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FrameFields, frame_fields_free)
