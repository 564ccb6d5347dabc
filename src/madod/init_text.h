/* The texts of the files that madod init writes: init_text.c. <<NAME>> is put
 * in by init_files.c. */
#ifndef MADOD_INIT_TEXT_H
#define MADOD_INIT_TEXT_H

extern const char init_text_config[], init_text_service[], init_text_socket[],
    init_text_backup_service[], init_text_backup_timer[], init_text_caddy[],
    init_text_tunnel[], init_text_hook[];

#endif
