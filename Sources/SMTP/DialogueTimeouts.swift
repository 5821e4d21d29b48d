/// How long the relay may be silent in each phase of a mail (RFC 5321, section 4.5.3.2).
///
/// Two are settings; for DATA and for each block of the body the RFC's own bound is kept below
/// them.
package struct DialogueTimeouts: Hashable, Sendable {
    /// MAIL, RCPT, RSET.
    package var command: Duration
    /// After the final dot.
    package var final: Duration

    package init(command: Duration, final: Duration) {
        self.command = command
        self.final = final
    }

    /// From DATA to 354.
    package var data: Duration { min(command, .seconds(120)) }
    /// From one block of the body that the connection took to the next one.
    package var bodyBlock: Duration { min(command, .seconds(180)) }
}
