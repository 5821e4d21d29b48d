import Glibc

/// The files of a ``PostfixServer``.
///
/// It takes mail for example.test from those who log in, over TLS only, and puts all of it in one
/// Maildir.
struct PostfixConfiguration {
    let directory: TemporaryDirectory
    let certificates: TestCertificates
    let port: UInt16
    let implicitTLSPort: UInt16
    /// The owner of the Maildir.
    let mailUser: uid_t

    var main: String {
        """
        compatibility_level = 3.6
        queue_directory = \(directory.file("spool"))
        data_directory = \(directory.file("data"))
        command_directory = /usr/sbin
        daemon_directory = /usr/lib/postfix/sbin
        mail_owner = postfix
        setgid_group = postdrop
        maillog_file = \(directory.file("mail.log"))
        maillog_file_prefixes = \(directory.path)
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        myhostname = mx.test
        mydestination =
        mynetworks =
        relayhost =
        default_transport = error:no relay in tests
        alias_maps =
        alias_database =
        local_recipient_maps =
        virtual_mailbox_domains = example.test
        virtual_mailbox_base = \(directory.file("mail"))
        virtual_mailbox_maps = static:all/
        virtual_uid_maps = static:\(mailUser)
        virtual_gid_maps = static:\(mailUser)
        virtual_minimum_uid = 1
        smtpd_tls_security_level = may
        smtpd_tls_auth_only = yes
        smtpd_tls_cert_file = \(certificates.certificate)
        smtpd_tls_key_file = \(certificates.key)
        smtpd_tls_loglevel = 1
        smtpd_sasl_auth_enable = yes
        smtpd_sasl_type = dovecot
        smtpd_sasl_path = private/auth
        smtpd_relay_restrictions = permit_sasl_authenticated, reject
        smtpd_recipient_restrictions = permit_sasl_authenticated, reject
        smtpd_error_sleep_time = 0
        message_size_limit = 1048576

        """
    }

    var master: String {
        """
        127.0.0.1:\(port) inet n - n - - smtpd
        127.0.0.1:\(implicitTLSPort) inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
        cleanup   unix n - n - 0 cleanup
        qmgr      unix n - n 300 1 qmgr
        tlsmgr    unix - - n 1000? 1 tlsmgr
        rewrite   unix - - n - - trivial-rewrite
        bounce    unix - - n - 0 bounce
        defer     unix - - n - 0 bounce
        trace     unix - - n - 0 bounce
        verify    unix - - n - 1 verify
        proxymap  unix - - n - - proxymap
        error     unix - - n - - error
        retry     unix - - n - - error
        discard   unix - - n - - discard
        virtual   unix - n n - - virtual
        anvil     unix - - n - 1 anvil
        scache    unix - - n - 1 scache
        showq     unix n - n - - showq
        postlog   unix-dgram n - n - 1 postlogd

        """
    }

    /// Dovecot's authentication server alone, in the words of Dovecot 2.3.
    var dovecot: String {
        """
        base_dir = \(directory.file("dovecot/run"))
        log_path = \(directory.file("dovecot/log"))
        ssl = no
        protocols =
        disable_plaintext_auth = no
        auth_failure_delay = 0
        auth_mechanisms = plain login cram-md5 scram-sha-256
        passdb {
          driver = passwd-file
          args = scheme=PLAIN username_format=%u \(directory.file("dovecot/users"))
        }
        userdb {
          driver = static
          args = uid=mail gid=mail home=/nonexistent
        }
        service auth {
          unix_listener \(directory.file("spool/private/auth")) {
            mode = 0660
            user = postfix
            group = postfix
          }
        }
        default_vsz_limit = 512M

        """
    }
}
