//! The options of curl that are no part of a request from a page.

/// Whether an option takes a value, which has to be passed over with it. `name` is a long name, or a letter.
pub(super) fn takes_a_value(name: &str) -> bool {
    let list = if name.chars().count() == 1 {
        LETTERS
    } else {
        LONG
    };
    list.split(' ').any(|one| one == name)
}

/// Whether an option changes nothing of the request, so that there is nothing to tell.
pub(super) fn is_silent(name: &str) -> bool {
    SILENT.split(' ').any(|one| one == name) || name.starts_with("no-")
}

/// Whether a letter is an option without a value, so that more letters may follow it.
pub(super) fn stands_alone(letter: char) -> bool {
    "0123469BGIJLMNORSVZafgijklnpqsv#:".contains(letter)
}

const LETTERS: &str = "A b c C D E e F K m o P Q r T t U w x Y y z";

const LONG: &str = "abstract-unix-socket alt-svc aws-sigv4 cacert capath cert cert-type ciphers config \
connect-timeout connect-to continue-at cookie cookie-jar create-file-mode crlfile curves delegation \
dns-interface dns-ipv4-addr dns-ipv6-addr dns-servers doh-url dump-header ech egd-file engine etag-compare \
etag-save expect100-timeout form form-string happy-eyeballs-timeout-ms haproxy-clientip help hostpubmd5 \
hostpubsha256 hsts interface ip-tos ipfs-gateway keepalive-cnt keepalive-time key key-type krb libcurl \
limit-rate local-port login-options max-filesize max-redirs max-time netrc-file noproxy output output-dir \
parallel-max pass pinnedpubkey preproxy proto proto-default proto-redir proxy proxy-cacert proxy-capath \
proxy-cert proxy-cert-type proxy-ciphers proxy-crlfile proxy-header proxy-key proxy-key-type proxy-pass \
proxy-pinnedpubkey proxy-service-name proxy-tls13-ciphers proxy-user proxy1.0 pubkey quote random-file range \
rate referer request-target resolve retry retry-delay retry-max-time sasl-authzid service-name socks4 socks4a \
socks5 socks5-hostname speed-limit speed-time stderr time-cond tls-max tls13-ciphers tlsauthtype tlspassword \
tlsuser trace trace-ascii trace-config unix-socket upload-file url-query user-agent variable vlan-priority \
write-out";

const SILENT: &str = "silent s show-error S no-buffer N compressed include i insecure k location L fail f \
fail-with-body verbose v globoff g http1.0 http1.1 http2 http2-prior-knowledge http3 http3-only progress-bar # \
ipv4 4 ipv6 6 tr-encoding path-as-is raw styled-output tcp-nodelay tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 \
ssl-no-revoke location-trusted disable q post301 post302 post303 0 1 2 3";
