/** The ending of a project's name. */
export const PROJECT_EXTENSION = '.sfproj';
