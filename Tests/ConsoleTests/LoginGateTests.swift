import Delivery
import Testing

@testable import Console

/// The gates behind refused logins.
@Suite struct LoginGateTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var code: Int?
        var enhanced: EnhancedStatusCode?
        var text: String
        var usesToken = true
        /// nil: it says nothing.
        var advice: String?
        var testDescription: String { "\(text), token: \(usesToken)" }
    }

    private static let m139 = EnhancedStatusCode(5, 7, 139)
    private static let unsuccessful = "Authentication unsuccessful, "

    static let cases: [Case] = [
        Case(
            code: 535, enhanced: m139,
            text: unsuccessful
                + "SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled",
            advice: "off for the whole tenant"),
        Case(
            code: 535, enhanced: m139,
            text: unsuccessful + "SmtpClientAuthentication is disabled for the Mailbox.",
            usesToken: false, advice: "Set-CASMailbox USER"),
        Case(
            code: 535, enhanced: m139, text: unsuccessful + "basic authentication is disabled.",
            usesToken: false, advice: "set OUTBOXD_SMTP_AUTH=oauth"),
        Case(
            code: 535, enhanced: m139, text: unsuccessful + "the user credentials were incorrect.",
            usesToken: false, advice: "the user or the password is wrong"),
        Case(
            code: 535, enhanced: m139, text: unsuccessful + "the user credentials were incorrect.",
            advice: "Add-MailboxPermission"),
        Case(
            code: 535, enhanced: m139,
            text: unsuccessful
                + "the request did not meet the criteria to be authenticated successfully.",
            advice: "one of three gates is shut: Security Defaults"),
        Case(
            code: 550, enhanced: EnhancedStatusCode(5, 7, 30),
            text: "Basic authentication is not supported for Client Submission", usesToken: false,
            advice: "Microsoft takes no passwords here any more: set OUTBOXD_SMTP_AUTH=oauth"),
        Case(
            code: 535, enhanced: EnhancedStatusCode(5, 7, 3), text: "Authentication unsuccessful",
            advice: "SMTP.SendAsApp"),
        Case(
            code: 535, enhanced: EnhancedStatusCode(5, 7, 3), text: "Authentication unsuccessful",
            usesToken: false, advice: "the user or the password is wrong"),
        Case(
            code: 534, enhanced: EnhancedStatusCode(5, 7, 9),
            text: "Application-specific password required.", usesToken: false,
            advice: "Google wants an app password"),
        Case(
            code: 535, enhanced: EnhancedStatusCode(5, 7, 8),
            text: "Username and Password not accepted.", usesToken: false, advice: "app password"),
        Case(
            code: 535, enhanced: EnhancedStatusCode(5, 7, 8), text: "no",
            advice: "whoever writes the token's file"),
        Case(
            code: 530, enhanced: EnhancedStatusCode(5, 7, 57),
            text: "Client not authenticated to send mail", usesToken: false,
            advice: "the relay wants a login first"),
        Case(
            code: 334, text: "the relay says that the token is expired or wrong",
            advice: "keeps it fresh"),
        Case(text: "the relay takes no token: it offers PLAIN", advice: "with a password"),
        Case(code: 535, text: "no", usesToken: false, advice: nil),
        Case(code: 454, enhanced: EnhancedStatusCode(4, 7, 0), text: "later", advice: nil),
    ]

    @Test(arguments: cases) func isNamed(_ example: Case) {
        let error = DeliveryError(
            stage: .auth, code: example.code, enhanced: example.enhanced, text: example.text)
        let advice = LoginGate(usesToken: example.usesToken).advice(error)
        if let wanted = example.advice {
            #expect(advice?.contains(wanted) == true, "\(advice ?? "nil")")
            #expect(advice?.contains("\n") == false)
        } else {
            #expect(advice == nil)
        }
    }

    @Test(arguments: [
        ("invalid_client (401)", "OUTBOXD_OAUTH_CLIENT_ID, and whether the secret"),
        ("invalid_client: AADSTS7000215: Invalid client secret (401)", "not the secret's id"),
        ("invalid_client: AADSTS7000222: keys are expired (401)", "has ended"),
        (
            "unauthorized_client: AADSTS700016: not found (400)",
            "the tenant in OUTBOXD_OAUTH_TOKEN_URL"
        ),
        ("unauthorized_client (400)", "the client credentials grant"),
        ("invalid_scope (400)", "see OUTBOXD_OAUTH_SCOPE"),
        ("invalid_request: AADSTS1002012: bad scope (400)", "must end in /.default"),
        ("invalid_request: AADSTS90002: Tenant x not found (400)", "there is none of that name"),
        ("unsupported_grant_type (400)", "OUTBOXD_SMTP_TOKEN_FILE"),
        ("it answered 404", "see the path"), ("no address found for it", "see the host"),
        ("it redirects to https://x.test/ (302)", "write the address"),
        ("the answer is text/html, not application/json", "tell who runs that server"),
    ])
    func ofTheTokenServer(text: String, advice: String) {
        let error = DeliveryError(stage: .auth, text: "no token from login.test: \(text)")
        let found = LoginGate(usesToken: true, fetches: true).advice(error)
        #expect(found?.contains(advice) == true, "\(found ?? "nil")")
    }
}
