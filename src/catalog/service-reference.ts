/** `provider/service_id` of the catalogue, which may appear as an argument of a command or in a URL (protocol, section 9, point 7). */
export const SERVICE_REFERENCE = /^[a-z0-9._-]{1,63}\/[A-Za-z0-9:._-]{1,128}$/;
