/*
 * office.h - the register: offices, the people in them, rounds, procedures, and the calendar they
 * live by.
 *
 * A module of the core. It is written against the same tables and calls as a plugin
 * (include/reihum), but owns the unprefixed tables and the documented views v_office, v_contact,
 * v_person, v_participant, v_round, v_procedure, v_school_holiday and v_closing_day. Nothing is
 * ever deleted from it: offices are closed, contacts end, procedures are cancelled; the table
 * `event` tells what was before.
 *
 * To add a noun: a file of its own with its operations, one line each in module.c.
 */
#ifndef CORE_OFFICE_OFFICE_H
#define CORE_OFFICE_OFFICE_H

#include "reihum/plugin.h"

extern const struct rh_plugin rh_office_module;

#endif
