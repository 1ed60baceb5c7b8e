#ifndef LINE_EDIT_H
#define LINE_EDIT_H
int line_edit_columns(int fd);
#endif
