/*
 * address.h - which addresses may stand in a header or in an SMTP command.
 *
 * libcurl hands MAIL FROM and RCPT TO to the server as they are, line breaks and all; so nothing
 * leaves this room that is not of the narrow form below: a dot-atom in ASCII, one '@', a domain
 * name. What RFC 5321 allows beyond it (quoted local parts, address literals, routes) nobody in
 * this trade uses, and much of it has been used for attacks. Pure; any thread.
 */
#ifndef CORE_MAIL_ADDRESS_H
#define CORE_MAIL_ADDRESS_H

#include "core/base/str.h"

#define RH_MAIL_ADDRESS_MAX 254 /* RFC 5321, 4.5.3.1.3 */
#define RH_MAIL_NAME_MAX    200 /* characters of a display name */

/* 0, or RH_EINVALID with a sentence that begins with the address. */
int32_t rh_mail_address_check(const char *address, struct rh_err *err);
bool rh_mail_address_ok(const char *address, size_t length);

/* A name as it may stand beside an address: one line without control characters. */
int32_t rh_mail_name_check(const char *name, struct rh_err *err);

/* The form in which addresses are compared: lower case. The local part may say the difference in
 * theory; in practice it is a typing habit. `address` is a valid one. */
void rh_mail_address_fold(const char *address, char folded[RH_MAIL_ADDRESS_MAX + 1]);

/* What follows the last '@'; `address` is a valid one. */
const char *rh_mail_address_domain(const char *address);

#endif
