/*
 * schema.h - the tables of the mail room; a step is never edited once it has been released.
 */
#ifndef CORE_MAIL_SCHEMA_H
#define CORE_MAIL_SCHEMA_H

extern const char rh_mail_schema_1[];
extern const char rh_mail_schema_2[];

#endif
