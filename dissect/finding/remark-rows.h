#pragma once

/* The rows of remark.h, a table for each kind of traffic; remark_row() puts them together. */

#include "dissect/finding/remark.h"

extern const RemarkRow remark_smtp_rows[];
extern const gsize remark_smtp_row_count;
extern const RemarkRow remark_session_rows[];
extern const gsize remark_session_row_count;
extern const RemarkRow remark_content_rows[];
extern const gsize remark_content_row_count;
extern const RemarkRow remark_access_rows[];
extern const gsize remark_access_row_count;
