package lib.demo;

/**
 * What reached one of the stage's servers (web, worker, admin, tokens, iamcredentials or metadata):
 * the path with its query, the Authorization header or "", and the status or 0 when never answered.
 */
public record Exchange(
    String server, String method, String path, String authorization, int status) {}
