BEGIN TRANSACTION;
CREATE TABLE helpdesks (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    from_address TEXT NOT NULL,
    reply_to TEXT,
    bounce_address TEXT,
    ticket_center_url TEXT,
    dashboard_url TEXT,
    allowed_domains TEXT NOT NULL DEFAULT '',
    locale TEXT NOT NULL DEFAULT 'en',
    paused INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO "helpdesks" VALUES('acme','Acme','acme@acme.test',NULL,NULL,NULL,NULL,'','en',0);
INSERT INTO "helpdesks" VALUES('apart','Apart','apart@acme.test',NULL,NULL,NULL,NULL,'','en',1);
INSERT INTO "helpdesks" VALUES('aside','Aside','aside@acme.test',NULL,NULL,NULL,NULL,'','en',0);
INSERT INTO "helpdesks" VALUES('blocked','Blocked','blocked@acme.test',NULL,NULL,NULL,NULL,'','en',0);
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    helpdesk_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    audience TEXT NOT NULL DEFAULT 'visitor',
    recipient_email TEXT NOT NULL,
    recipient_name TEXT,
    author_name TEXT,
    subject TEXT,
    body_text TEXT NOT NULL,
    attachments TEXT,
    page_url TEXT,
    unsubscribe_url TEXT,
    in_reply_to TEXT,
    locale TEXT,
    instant INTEGER NOT NULL DEFAULT 0,
    not_before INTEGER,
    traceparent TEXT,
    cancelled_at INTEGER,
    created_at INTEGER NOT NULL DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)),
    UNIQUE (helpdesk_id, message_id, recipient_email)
) STRICT;
INSERT INTO "outbox" VALUES(1,'acme','c1','m1','visitor','sent@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795896007198);
INSERT INTO "outbox" VALUES(2,'acme','combined','m2','visitor','combined@example.test','Ann','Olga','Printer is offline','First.',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,1795896007258);
INSERT INTO "outbox" VALUES(3,'acme','combined','m3','visitor','combined@example.test','Ann','Olga','Printer is offline','Second.',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,1795896007266);
INSERT INTO "outbox" VALUES(4,'acme','combined','m4','visitor','combined@example.test','Ann','Olga','Printer is offline','Third.',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,1795896007271);
INSERT INTO "outbox" VALUES(5,'acme','c5','m5','visitor','reject@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795896007274);
INSERT INTO "outbox" VALUES(6,'acme','c6','m6','visitor','nouser@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795896007276);
INSERT INTO "outbox" VALUES(7,'acme','c7','m7','visitor','defer@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795896007277);
INSERT INTO "outbox" VALUES(8,'acme','unsure','m8','visitor','uncertain@example.test','Ann','Olga','Printer is offline','One of two.',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,1795896007278);
INSERT INTO "outbox" VALUES(9,'acme','unsure','m9','visitor','uncertain@example.test','Ann','Olga','Printer is offline','Two of two.',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,1795896007279);
INSERT INTO "outbox" VALUES(10,'acme','c10','m10','visitor','gone@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795896007280);
INSERT INTO "outbox" VALUES(11,'acme','c11','m11','visitor','no address','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795896007281);
INSERT INTO "outbox" VALUES(12,'acme','c12','m12','visitor','seconds@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795000000);
INSERT INTO "outbox" VALUES(13,'acme','seen','m13','visitor','read@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795896007290);
INSERT INTO "outbox" VALUES(14,'acme','c14','m14','visitor','cancelled@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,1795896007290,1795896007299);
INSERT INTO "outbox" VALUES(15,'apart','c15','m15','visitor','apart@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795896007306);
INSERT INTO "outbox" VALUES(16,'aside','c16','m16','visitor','aside@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795896007307);
INSERT INTO "outbox" VALUES(17,'blocked','c17','m17','visitor','blocked0@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795896007309);
INSERT INTO "outbox" VALUES(18,'acme','c18','m18','visitor','sent@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795896007313);
INSERT INTO "outbox" VALUES(19,'blocked','c19','m19','visitor','blocked1@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795896007316);
INSERT INTO "outbox" VALUES(20,'acme','c20','m20','visitor','sent@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795896007319);
INSERT INTO "outbox" VALUES(21,'blocked','c21','m21','visitor','blocked2@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795896007321);
INSERT INTO "outbox" VALUES(22,'acme','c22','m22','visitor','sent@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795896007323);
INSERT INTO "outbox" VALUES(23,'blocked','c23','m23','visitor','blocked3@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795896007324);
INSERT INTO "outbox" VALUES(24,'acme','c24','m24','visitor','sent@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795896007326);
INSERT INTO "outbox" VALUES(25,'blocked','c25','m25','visitor','blocked4@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795896007327);
INSERT INTO "outbox" VALUES(26,'acme','c26','m26','visitor','sent@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795896007328);
INSERT INTO "outbox" VALUES(27,'blocked','c27','m27','visitor','blocked5@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795896007337);
INSERT INTO "outbox" VALUES(28,'acme','c28','m28','visitor','sent@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795896007338);
INSERT INTO "outbox" VALUES(29,'blocked','c29','m29','visitor','blocked6@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795896007339);
INSERT INTO "outbox" VALUES(30,'acme','c30','m30','visitor','sent@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795896007341);
INSERT INTO "outbox" VALUES(31,'acme','c31','m31','visitor','held@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,1795896607290);
INSERT INTO "outbox" VALUES(32,'acme','c32','m32','visitor','stall@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795896008328);
INSERT INTO "outbox" VALUES(33,'acme','c33','m33','visitor','new@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795896008855);
INSERT INTO "outbox" VALUES(34,'acme','held','m34','visitor','new@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,1795896608859);
CREATE TABLE outboxd_attempts (
    mail_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    counted INTEGER NOT NULL,
    row_ids TEXT NOT NULL,
    relay TEXT,
    milliseconds INTEGER,
    stage TEXT,
    code INTEGER,
    enhanced TEXT,
    text TEXT, queued_milliseconds INTEGER, connecting_milliseconds INTEGER,
    PRIMARY KEY (mail_id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO "outboxd_attempts" VALUES(1,1,1795896007219,'sent',1,'[1]','127.0.0.1[127.0.0.1]:35101',0,'final',250,'2.0.0','2.0.0 Queued as 4fXyz',2,1);
INSERT INTO "outboxd_attempts" VALUES(2,1,1795896008260,'sent',1,'[2,3,4]','127.0.0.1[127.0.0.1]:35101',0,'final',250,'2.0.0','2.0.0 Queued as 4fXyz',1,NULL);
INSERT INTO "outboxd_attempts" VALUES(3,1,1795896007286,'rejected',1,'[5]','127.0.0.1[127.0.0.1]:35101',1,'rcpt',550,'5.7.1','5.7.1 Not here',2,NULL);
INSERT INTO "outboxd_attempts" VALUES(4,1,1795896007291,'rejected',1,'[6]','127.0.0.1[127.0.0.1]:35101',4,'rcpt',550,'5.1.1','5.1.1 No such mailbox',3,NULL);
INSERT INTO "outboxd_attempts" VALUES(5,1,1795896007291,'deferred',1,'[7]','127.0.0.1[127.0.0.1]:35101',0,'rcpt',451,'4.7.1','4.7.1 Come again later',7,0);
INSERT INTO "outboxd_attempts" VALUES(6,1,1795896008297,'uncertain',1,'[8,9]','127.0.0.1[127.0.0.1]:35101',0,'final',NULL,NULL,'the relay closed the connection',18,NULL);
INSERT INTO "outboxd_attempts" VALUES(14,1,1795896007318,'rejected',1,'[17]','127.0.0.1[127.0.0.1]:35101',0,'mail',550,'5.7.1','5.7.1 Sender address rejected',1,NULL);
INSERT INTO "outboxd_attempts" VALUES(15,1,1795896007318,'sent',1,'[18]','127.0.0.1[127.0.0.1]:35101',0,'final',250,'2.0.0','2.0.0 Queued as 4fXyz',1,NULL);
INSERT INTO "outboxd_attempts" VALUES(16,1,1795896007330,'rejected',1,'[19]','127.0.0.1[127.0.0.1]:35101',1,'mail',550,'5.7.1','5.7.1 Sender address rejected',1,NULL);
INSERT INTO "outboxd_attempts" VALUES(17,1,1795896007330,'sent',1,'[20]','127.0.0.1[127.0.0.1]:35101',1,'final',250,'2.0.0','2.0.0 Queued as 4fXyz',1,NULL);
INSERT INTO "outboxd_attempts" VALUES(18,1,1795896007330,'rejected',1,'[21]','127.0.0.1[127.0.0.1]:35101',0,'mail',550,'5.7.1','5.7.1 Sender address rejected',2,NULL);
INSERT INTO "outboxd_attempts" VALUES(19,1,1795896007330,'sent',1,'[22]','127.0.0.1[127.0.0.1]:35101',0,'final',250,'2.0.0','2.0.0 Queued as 4fXyz',2,NULL);
INSERT INTO "outboxd_attempts" VALUES(20,1,1795896007331,'rejected',1,'[23]','127.0.0.1[127.0.0.1]:35101',0,'mail',550,'5.7.1','5.7.1 Sender address rejected',2,NULL);
INSERT INTO "outboxd_attempts" VALUES(21,1,1795896007331,'sent',1,'[24]','127.0.0.1[127.0.0.1]:35101',0,'final',250,'2.0.0','2.0.0 Queued as 4fXyz',2,NULL);
INSERT INTO "outboxd_attempts" VALUES(22,1,1795896007331,'rejected',1,'[25]','127.0.0.1[127.0.0.1]:35101',0,'mail',550,'5.7.1','5.7.1 Sender address rejected',3,NULL);
INSERT INTO "outboxd_attempts" VALUES(23,1,1795896007340,'sent',1,'[26]','127.0.0.1[127.0.0.1]:35101',0,'final',250,'2.0.0','2.0.0 Queued as 4fXyz',1,NULL);
INSERT INTO "outboxd_attempts" VALUES(24,1,1795896007340,'rejected',1,'[27]','127.0.0.1[127.0.0.1]:35101',0,'mail',550,'5.7.1','5.7.1 Sender address rejected',1,NULL);
INSERT INTO "outboxd_attempts" VALUES(25,1,1795896007340,'sent',1,'[28]','127.0.0.1[127.0.0.1]:35101',0,'final',250,'2.0.0','2.0.0 Queued as 4fXyz',1,NULL);
INSERT INTO "outboxd_attempts" VALUES(26,1,1795896008376,'rejected',1,'[29]','127.0.0.1[127.0.0.1]:35101',0,'mail',550,'5.7.1','5.7.1 Sender address rejected',2,33);
INSERT INTO "outboxd_attempts" VALUES(27,1,1795896007348,'sent',1,'[30]','127.0.0.1[127.0.0.1]:35101',0,'final',250,'2.0.0','2.0.0 Queued as 4fXyz',1,NULL);
CREATE TABLE outboxd_combined (mail_id INTEGER PRIMARY KEY) STRICT;
INSERT INTO "outboxd_combined" VALUES(6);
CREATE TABLE outboxd_deeds (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    row_id INTEGER,
    helpdesk_id TEXT,
    at INTEGER NOT NULL,
    what TEXT NOT NULL,
    who TEXT NOT NULL,
    why TEXT
) STRICT;
INSERT INTO "outboxd_deeds" VALUES(1,NULL,'aside',1795896007193,'paused','root',NULL);
INSERT INTO "outboxd_deeds" VALUES(2,NULL,'apart',1795896007309,'paused','the API server',NULL);
INSERT INTO "outboxd_deeds" VALUES(3,17,NULL,1795896007340,'waits again: the relay refuses its sender blocked@acme.test, not this mail','outboxd',NULL);
INSERT INTO "outboxd_deeds" VALUES(4,19,NULL,1795896007340,'waits again: the relay refuses its sender blocked@acme.test, not this mail','outboxd',NULL);
INSERT INTO "outboxd_deeds" VALUES(5,21,NULL,1795896007340,'waits again: the relay refuses its sender blocked@acme.test, not this mail','outboxd',NULL);
INSERT INTO "outboxd_deeds" VALUES(6,23,NULL,1795896007340,'waits again: the relay refuses its sender blocked@acme.test, not this mail','outboxd',NULL);
INSERT INTO "outboxd_deeds" VALUES(7,25,NULL,1795896007340,'waits again: the relay refuses its sender blocked@acme.test, not this mail','outboxd',NULL);
INSERT INTO "outboxd_deeds" VALUES(8,27,NULL,1795896007340,'waits again: the relay refuses its sender blocked@acme.test, not this mail','outboxd',NULL);
INSERT INTO "outboxd_deeds" VALUES(9,29,NULL,1795896008376,'waits again: the relay refuses its sender blocked@acme.test, not this mail','outboxd',NULL);
CREATE TABLE outboxd_frozen (
    mail_id INTEGER PRIMARY KEY,
    envelope_sender TEXT NOT NULL,
    envelope_recipient TEXT NOT NULL,
    needs_smtputf8 INTEGER NOT NULL,
    message BLOB NOT NULL
) STRICT;
INSERT INTO "outboxd_frozen" VALUES(6,'acme@acme.test','uncertain@example.test',0,X'446174653A205361742C203238204E6F7620323032362032303A30303A3038202B303030300D0A46726F6D3A2041636D65203C61636D654061636D652E746573743E0D0A546F3A20416E6E203C756E6365727461696E406578616D706C652E746573743E0D0A5375626A6563743A2052653A205072696E746572206973206F66666C696E650D0A4D6573736167652D49443A203C362E613362336462396261636262663432634061636D652E746573743E0D0A496E2D5265706C792D546F3A203C636F6E766572736174696F6E2E33443346353633304643314130323842393837464544443446304630464338424061636D652E746573743E0D0A5265666572656E6365733A203C636F6E766572736174696F6E2E33443346353633304643314130323842393837464544443446304630464338424061636D652E746573743E0D0A4175746F2D5375626D69747465643A206175746F2D67656E6572617465640D0A582D4175746F2D526573706F6E73652D53757070726573733A204F4F462C204175746F5265706C790D0A4D494D452D56657273696F6E3A20312E300D0A436F6E74656E742D547970653A206D756C7469706172742F616C7465726E61746976653B0D0A20626F756E646172793D223D5F4346334437353937393230414139344438393334373537363631383030354237220D0A0D0A2D2D3D5F43463344373539373932304141393444383933343735373636313830303542370D0A436F6E74656E742D547970653A20746578742F706C61696E3B20636861727365743D7574662D380D0A436F6E74656E742D5472616E736665722D456E636F64696E673A2071756F7465642D7072696E7461626C650D0A0D0A4F6C67612C20323032362D31312D32382032303A3030205554433A0D0A0D0A4F6E65206F662074776F2E0D0A0D0A2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D0D0A0D0A4F6C67612C20323032362D31312D32382032303A3030205554433A0D0A0D0A54776F206F662074776F2E0D0A0D0A2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D0D0A0D0A41636D652073656E7420796F7520746869732062656361757365207468657265206973206E65777320696E20796F757220636F6E766572736174696F6E2E0D0A0D0A2D2D3D5F43463344373539373932304141393444383933343735373636313830303542370D0A436F6E74656E742D547970653A20746578742F68746D6C3B20636861727365743D7574662D380D0A436F6E74656E742D5472616E736665722D456E636F64696E673A2071756F7465642D7072696E7461626C650D0A0D0A3C21444F43545950452068746D6C3E0D0A3C68746D6C206C616E673D334422656E223E0D0A3C686561643E0D0A3C6D65746120636861727365743D3344227574662D38223E0D0A3C7469746C653E52653A205072696E746572206973206F66666C696E653C2F7469746C653E0D0A3C2F686561643E0D0A3C626F64793E0D0A3C703E3C7374726F6E673E3C6264693E4F6C67613C2F6264693E3C2F7374726F6E673E2C20323032362D31312D32382032303A3030205554433A3C2F703E0D0A3C70206469723D3344226175746F223E4F6E65206F662074776F2E3C2F703E0D0A3C68723E0D0A3C703E3C7374726F6E673E3C6264693E4F6C67613C2F6264693E3C2F7374726F6E673E2C20323032362D31312D32382032303A3030205554433A3C2F703E0D0A3C70206469723D3344226175746F223E54776F206F662074776F2E3C2F703E0D0A3C68723E0D0A3C703E41636D652073656E7420796F7520746869732062656361757365207468657265206973206E65777320696E20796F757220636F6E766572736174696F6E2E3C2F703E0D0A3C2F626F64793E0D0A3C2F68746D6C3E0D0A0D0A2D2D3D5F43463344373539373932304141393444383933343735373636313830303542372D2D0D0A');
CREATE TABLE outboxd_instances (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    slot_file TEXT NOT NULL,
    boot_id TEXT NOT NULL,
    process_id INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    lease_until INTEGER NOT NULL
) STRICT;
INSERT INTO "outboxd_instances" VALUES(1,'outbox.db-outboxd-b64d8319edd707ce','00000000-0000-0000-0000-000000000000',3831,1795896007209,61509299);
CREATE TABLE outboxd_lines (
    id INTEGER PRIMARY KEY,
    helpdesk_id TEXT NOT NULL UNIQUE,
    parked INTEGER NOT NULL DEFAULT 0,
    sender TEXT,
    turn INTEGER NOT NULL DEFAULT 0,
    instant_due INTEGER,
    first_due INTEGER,
    retry_due INTEGER,
    troubles INTEGER NOT NULL DEFAULT 0,
    retry_at INTEGER,
    error_text TEXT
) STRICT;
INSERT INTO "outboxd_lines" VALUES(1,'acme',0,NULL,1795896008330000,NULL,1795896608290,1795896587338,0,NULL,NULL);
INSERT INTO "outboxd_lines" VALUES(2,'apart',3,NULL,1795896007309000,1795896007306,NULL,NULL,0,NULL,NULL);
INSERT INTO "outboxd_lines" VALUES(3,'aside',1,NULL,1795896007309001,1795896007307,NULL,NULL,0,NULL,NULL);
INSERT INTO "outboxd_lines" VALUES(4,'blocked',2,'blocked@acme.test',1795896008340000,1795896007339,NULL,1795896007309,0,NULL,NULL);
CREATE TABLE outboxd_mails (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    helpdesk_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    recipient TEXT NOT NULL,
    audience TEXT NOT NULL,
    phase INTEGER NOT NULL DEFAULT 0,
    wait INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    rescues INTEGER NOT NULL DEFAULT 0,
    probed_at INTEGER NOT NULL DEFAULT 0,
    copies INTEGER NOT NULL DEFAULT 0,
    owner INTEGER,
    token INTEGER,
    sender TEXT,
    email_message_id TEXT,
    composed_at INTEGER
, line INTEGER NOT NULL DEFAULT 0, class INTEGER NOT NULL DEFAULT 1, troubles INTEGER NOT NULL DEFAULT 0, struck INTEGER NOT NULL DEFAULT 0, shifted INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO "outboxd_mails" VALUES(1,'acme','c1','sent@example.test','visitor',2,0,1795896007198,1,0,0,0,NULL,NULL,'acme@acme.test','<1.b28ff0732fb92395@acme.test>',1795896007214,1,0,0,0,0);
INSERT INTO "outboxd_mails" VALUES(2,'acme','combined','combined@example.test','visitor',2,0,1795896008258,1,0,0,0,NULL,NULL,'acme@acme.test','<2.ed3baad75a8daf76@acme.test>',1795896008259,1,1,0,0,0);
INSERT INTO "outboxd_mails" VALUES(3,'acme','c5','reject@example.test','visitor',2,0,1795896007273,1,0,0,0,NULL,NULL,'acme@acme.test','<3.463f1aee83787e62@acme.test>',1795896007283,1,0,0,0,0);
INSERT INTO "outboxd_mails" VALUES(4,'acme','c6','nouser@example.test','visitor',2,0,1795896007273,1,0,0,0,NULL,NULL,'acme@acme.test','<4.463f1aee83787e62@acme.test>',1795896007283,1,0,0,0,0);
INSERT INTO "outboxd_mails" VALUES(5,'acme','c7','defer@example.test','visitor',0,0,1795896587338,1,0,0,0,NULL,NULL,'acme@acme.test','<5.463f1aee83787e62@acme.test>',1795896007283,1,2,0,0,0);
INSERT INTO "outboxd_mails" VALUES(6,'acme','unsure','uncertain@example.test','visitor',0,3,1795896008278,1,0,0,1,NULL,2914315009215959121,'acme@acme.test','<6.a3b3db9bacbbf42c@acme.test>',1795896008278,1,1,0,0,0);
INSERT INTO "outboxd_mails" VALUES(7,'acme','c10','gone@example.test','visitor',2,0,1795896007273,0,0,0,0,NULL,NULL,NULL,NULL,NULL,1,0,0,0,0);
INSERT INTO "outboxd_mails" VALUES(8,'acme','c11','no address','visitor',2,0,1795896007273,0,0,0,0,NULL,NULL,NULL,NULL,NULL,1,1,0,0,0);
INSERT INTO "outboxd_mails" VALUES(9,'acme','c12','seconds@example.test','visitor',2,0,1795896007290,0,0,0,0,NULL,NULL,NULL,NULL,NULL,1,1,0,0,0);
INSERT INTO "outboxd_mails" VALUES(10,'acme','seen','read@example.test','visitor',2,0,1795896007290,0,0,0,0,NULL,NULL,NULL,NULL,NULL,1,0,0,0,0);
INSERT INTO "outboxd_mails" VALUES(11,'acme','c14','cancelled@example.test','visitor',2,0,1795896008299,0,0,0,0,NULL,NULL,NULL,NULL,NULL,1,1,0,0,0);
INSERT INTO "outboxd_mails" VALUES(12,'apart','c15','apart@example.test','visitor',0,0,1795896007306,0,0,0,0,NULL,NULL,NULL,NULL,NULL,2,0,0,0,0);
INSERT INTO "outboxd_mails" VALUES(13,'aside','c16','aside@example.test','visitor',0,0,1795896007307,0,0,0,0,NULL,NULL,NULL,NULL,NULL,3,0,0,0,0);
INSERT INTO "outboxd_mails" VALUES(14,'blocked','c17','blocked0@example.test','visitor',0,0,1795896007309,1,0,1795896007340,0,NULL,NULL,'blocked@acme.test','<14.ba6b05dbefd86c28@acme.test>',1795896007316,4,2,0,1,0);
INSERT INTO "outboxd_mails" VALUES(15,'acme','c18','sent@example.test','visitor',2,0,1795896007313,1,0,0,0,NULL,NULL,'acme@acme.test','<15.ba6b05dbefd86c28@acme.test>',1795896007316,1,0,0,0,0);
INSERT INTO "outboxd_mails" VALUES(16,'blocked','c19','blocked1@example.test','visitor',0,0,1795896007316,1,0,1795896007340,0,NULL,NULL,'blocked@acme.test','<16.e06bd75627ff61dc@acme.test>',1795896007328,4,2,0,1,0);
INSERT INTO "outboxd_mails" VALUES(17,'acme','c20','sent@example.test','visitor',2,0,1795896007319,1,0,0,0,NULL,NULL,'acme@acme.test','<17.e06bd75627ff61dc@acme.test>',1795896007328,1,0,0,0,0);
INSERT INTO "outboxd_mails" VALUES(18,'blocked','c21','blocked2@example.test','visitor',0,0,1795896007321,1,0,1795896007340,0,NULL,NULL,'blocked@acme.test','<18.e06bd75627ff61dc@acme.test>',1795896007328,4,2,0,1,0);
INSERT INTO "outboxd_mails" VALUES(19,'acme','c22','sent@example.test','visitor',2,0,1795896007323,1,0,0,0,NULL,NULL,'acme@acme.test','<19.e06bd75627ff61dc@acme.test>',1795896007328,1,0,0,0,0);
INSERT INTO "outboxd_mails" VALUES(20,'blocked','c23','blocked3@example.test','visitor',0,0,1795896007324,1,0,1795896007340,0,NULL,NULL,'blocked@acme.test','<20.e06bd75627ff61dc@acme.test>',1795896007328,4,2,0,1,0);
INSERT INTO "outboxd_mails" VALUES(21,'acme','c24','sent@example.test','visitor',2,0,1795896007326,1,0,0,0,NULL,NULL,'acme@acme.test','<21.e06bd75627ff61dc@acme.test>',1795896007328,1,0,0,0,0);
INSERT INTO "outboxd_mails" VALUES(22,'blocked','c25','blocked4@example.test','visitor',0,0,1795896007327,1,0,1795896007340,0,NULL,NULL,'blocked@acme.test','<22.e06bd75627ff61dc@acme.test>',1795896007328,4,2,0,1,0);
INSERT INTO "outboxd_mails" VALUES(23,'acme','c26','sent@example.test','visitor',2,0,1795896007328,1,0,0,0,NULL,NULL,'acme@acme.test','<23.8e1b16e8366590e6@acme.test>',1795896007339,1,0,0,0,0);
INSERT INTO "outboxd_mails" VALUES(24,'blocked','c27','blocked5@example.test','visitor',0,0,1795896007337,1,0,1795896007340,0,NULL,NULL,'blocked@acme.test','<24.8e1b16e8366590e6@acme.test>',1795896007339,4,2,0,1,0);
INSERT INTO "outboxd_mails" VALUES(25,'acme','c28','sent@example.test','visitor',2,0,1795896007338,1,0,0,0,NULL,NULL,'acme@acme.test','<25.8e1b16e8366590e6@acme.test>',1795896007339,1,0,0,0,0);
INSERT INTO "outboxd_mails" VALUES(26,'blocked','c29','blocked6@example.test','visitor',0,0,1795896007339,1,0,1795896008376,0,NULL,NULL,'blocked@acme.test','<26.e06bfb5fb5f2847f@acme.test>',1795896008340,4,2,0,1,0);
INSERT INTO "outboxd_mails" VALUES(27,'acme','c30','sent@example.test','visitor',2,0,1795896007341,1,0,0,0,NULL,NULL,'acme@acme.test','<27.2ddc1836c0bb1fd@acme.test>',1795896007347,1,0,0,0,0);
INSERT INTO "outboxd_mails" VALUES(28,'acme','c31','held@example.test','visitor',0,0,1795896608290,0,0,0,0,NULL,NULL,NULL,NULL,NULL,1,1,0,0,0);
INSERT INTO "outboxd_mails" VALUES(29,'acme','c32','stall@example.test','visitor',1,0,1795896008328,0,0,0,0,1,2914315009215959122,'acme@acme.test','<29.a89a901b6a352190@acme.test>',1795896008330,1,0,0,0,0);
CREATE TABLE outboxd_meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "outboxd_meta" VALUES('clock','00000000-0000-0000-0000-000000000000 1795834617915 0 0');
INSERT INTO "outboxd_meta" VALUES('hold','1000');
CREATE TABLE outboxd_migrations (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    applied_at INTEGER NOT NULL
) STRICT;
INSERT INTO "outboxd_migrations" VALUES(1,'mails, rows and what outboxd remembers of them',1795896007151);
INSERT INTO "outboxd_migrations" VALUES(2,'lines: what can''t go is not in line',1795896007153);
INSERT INTO "outboxd_migrations" VALUES(3,'whose fault a refusal is',1795896007153);
INSERT INTO "outboxd_migrations" VALUES(4,'times move in slices when the clock or the hold was set',1795896007153);
INSERT INTO "outboxd_migrations" VALUES(5,'the same reply is found in an index of outboxd''s own',1795896007153);
INSERT INTO "outboxd_migrations" VALUES(6,'rows that are put off until a time of their own',1795896007153);
INSERT INTO "outboxd_migrations" VALUES(7,'totals, and what operators do',1795896007155);
INSERT INTO "outboxd_migrations" VALUES(8,'failures are found by their time; where an attempt''s time went',1795896007155);
INSERT INTO "outboxd_migrations" VALUES(9,'rows of about the same time are neighbours in the index of replies',1795896007155);
CREATE TABLE outboxd_pace (step INTEGER PRIMARY KEY, mails INTEGER NOT NULL) STRICT;
INSERT INTO "outboxd_pace" VALUES(179589600,9);
CREATE TABLE outboxd_pauses (
    helpdesk_id TEXT PRIMARY KEY,
    paused_at INTEGER NOT NULL
, who TEXT, why TEXT) STRICT, WITHOUT ROWID;
INSERT INTO "outboxd_pauses" VALUES('aside',1795896007193,'root',NULL);
CREATE TABLE outboxd_relay (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    state TEXT NOT NULL,
    since INTEGER,
    down_milliseconds INTEGER NOT NULL DEFAULT 0,
    error_stage TEXT,
    error_code INTEGER,
    error_enhanced TEXT,
    error_text TEXT
, refuses INTEGER, tried_at INTEGER, next_probe_at INTEGER, probe_wanted_at INTEGER) STRICT;
INSERT INTO "outboxd_relay" VALUES(1,'up',1795896007219,0,NULL,NULL,NULL,NULL,NULL,1795896007219,NULL,NULL);
CREATE TABLE outboxd_rows (
    id INTEGER PRIMARY KEY,
    mail_id INTEGER NOT NULL,
    state INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    uncertain INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    first_attempt_at INTEGER,
    relay_down_before INTEGER NOT NULL DEFAULT 0,
    sent_at INTEGER,
    finished_at INTEGER,
    error_stage TEXT,
    error_code INTEGER,
    error_enhanced TEXT,
    error_text TEXT
, identity INTEGER) STRICT;
INSERT INTO "outboxd_rows" VALUES(1,1,2,NULL,0,1,1795896007198,1795896007219,0,1795896007219,1795896007219,NULL,NULL,NULL,NULL,1626043465339);
INSERT INTO "outboxd_rows" VALUES(2,2,2,NULL,0,1,1795896008258,1795896008260,0,1795896008260,1795896008260,NULL,NULL,NULL,NULL,2409333161857);
INSERT INTO "outboxd_rows" VALUES(3,2,2,NULL,0,1,1795896008266,1795896008260,0,1795896008260,1795896008260,NULL,NULL,NULL,NULL,3764249320516);
INSERT INTO "outboxd_rows" VALUES(4,2,2,NULL,0,1,1795896008271,1795896008260,0,1795896008260,1795896008260,NULL,NULL,NULL,NULL,4666923330179);
INSERT INTO "outboxd_rows" VALUES(5,3,4,'rejected',0,1,1795896007273,1795896007286,0,NULL,1795896007286,'rcpt',550,'5.7.1','5.7.1 Not here',5851741846242);
INSERT INTO "outboxd_rows" VALUES(6,4,4,'rejected',0,1,1795896007273,1795896007291,0,NULL,1795896007291,'rcpt',550,'5.1.1','5.1.1 No such mailbox',7030812066854);
INSERT INTO "outboxd_rows" VALUES(7,5,0,NULL,0,1,1795896007273,1795896007291,0,NULL,NULL,'rcpt',451,'4.7.1','4.7.1 Come again later',8790884105841);
INSERT INTO "outboxd_rows" VALUES(8,6,0,NULL,1,1,1795896008278,1795896008297,0,NULL,NULL,'final',NULL,NULL,'the relay closed the connection',8909456108703);
INSERT INTO "outboxd_rows" VALUES(9,6,0,NULL,1,1,1795896008279,1795896008297,0,NULL,NULL,'final',NULL,NULL,'the relay closed the connection',10517110608476);
INSERT INTO "outboxd_rows" VALUES(10,7,3,'suppressed',0,0,1795896007273,NULL,0,NULL,1795896007283,NULL,NULL,NULL,NULL,17657022159972);
INSERT INTO "outboxd_rows" VALUES(11,8,4,'invalid_address',0,0,1795896007273,NULL,0,NULL,1795896007273,NULL,NULL,NULL,'recipient_email: “no address” is not a valid email address: a character before the @ is not allowed there.',19106317272659);
INSERT INTO "outboxd_rows" VALUES(12,9,4,'invalid_row',0,0,1795896007290,NULL,0,NULL,1795896007290,NULL,NULL,NULL,'created_at looks like seconds (1795000000): milliseconds since the Unix epoch are expected',20559810383658);
INSERT INTO "outboxd_rows" VALUES(13,10,3,'read',0,0,1795896007290,NULL,0,NULL,1795896007309,NULL,NULL,NULL,NULL,20910190526544);
INSERT INTO "outboxd_rows" VALUES(14,11,3,'cancelled',0,0,1795896008299,NULL,0,NULL,1795896008299,NULL,NULL,NULL,NULL,22211477025554);
INSERT INTO "outboxd_rows" VALUES(15,12,0,NULL,0,0,1795896007306,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,24111108392670);
INSERT INTO "outboxd_rows" VALUES(16,13,0,NULL,0,0,1795896007307,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,24822892101959);
INSERT INTO "outboxd_rows" VALUES(17,14,0,NULL,0,1,1795896007309,1795896007318,0,NULL,NULL,'mail',550,'5.7.1','5.7.1 Sender address rejected',25886098656180);
INSERT INTO "outboxd_rows" VALUES(18,15,2,NULL,0,1,1795896007313,1795896007318,0,1795896007318,1795896007318,NULL,NULL,NULL,NULL,27281907625965);
INSERT INTO "outboxd_rows" VALUES(19,16,0,NULL,0,1,1795896007316,1795896007330,0,NULL,NULL,'mail',550,'5.7.1','5.7.1 Sender address rejected',27754272839049);
INSERT INTO "outboxd_rows" VALUES(20,17,2,NULL,0,1,1795896007319,1795896007330,0,1795896007330,1795896007330,NULL,NULL,NULL,NULL,35796718229288);
INSERT INTO "outboxd_rows" VALUES(21,18,0,NULL,0,1,1795896007321,1795896007330,0,NULL,NULL,'mail',550,'5.7.1','5.7.1 Sender address rejected',36815130073717);
INSERT INTO "outboxd_rows" VALUES(22,19,2,NULL,0,1,1795896007323,1795896007330,0,1795896007330,1795896007330,NULL,NULL,NULL,NULL,37804487647054);
INSERT INTO "outboxd_rows" VALUES(23,20,0,NULL,0,1,1795896007324,1795896007331,0,NULL,NULL,'mail',550,'5.7.1','5.7.1 Sender address rejected',38615197207800);
INSERT INTO "outboxd_rows" VALUES(24,21,2,NULL,0,1,1795896007326,1795896007331,0,1795896007331,1795896007331,NULL,NULL,NULL,NULL,39935160490652);
INSERT INTO "outboxd_rows" VALUES(25,22,0,NULL,0,1,1795896007327,1795896007331,0,NULL,NULL,'mail',550,'5.7.1','5.7.1 Sender address rejected',41684983581719);
INSERT INTO "outboxd_rows" VALUES(26,23,2,NULL,0,1,1795896007328,1795896007340,0,1795896007340,1795896007340,NULL,NULL,NULL,NULL,42247709519442);
INSERT INTO "outboxd_rows" VALUES(27,24,0,NULL,0,1,1795896007337,1795896007340,0,NULL,NULL,'mail',550,'5.7.1','5.7.1 Sender address rejected',42918844013334);
INSERT INTO "outboxd_rows" VALUES(28,25,2,NULL,0,1,1795896007338,1795896007340,0,1795896007340,1795896007340,NULL,NULL,NULL,NULL,44231345320672);
INSERT INTO "outboxd_rows" VALUES(29,26,0,NULL,0,1,1795896007339,1795896008376,0,NULL,NULL,'mail',550,'5.7.1','5.7.1 Sender address rejected',45184992017585);
INSERT INTO "outboxd_rows" VALUES(30,27,2,NULL,0,1,1795896007341,1795896007348,0,1795896007348,1795896007348,NULL,NULL,NULL,NULL,53048996050867);
INSERT INTO "outboxd_rows" VALUES(31,28,0,NULL,0,0,1795896608290,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,54142440089527);
INSERT INTO "outboxd_rows" VALUES(32,29,0,NULL,0,0,1795896008328,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,55425284428151);
CREATE TABLE outboxd_senders (
    address TEXT PRIMARY KEY,
    blocked_at INTEGER,
    failures INTEGER NOT NULL DEFAULT 0,
    probe_at INTEGER,
    probe INTEGER,
    error_text TEXT
) STRICT, WITHOUT ROWID;
INSERT INTO "outboxd_senders" VALUES('blocked@acme.test',1795896007340,2,1795896010376,NULL,'5.7.1 Sender address rejected');
CREATE TABLE outboxd_shifts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    moved_by INTEGER NOT NULL,
    noticed_at INTEGER NOT NULL DEFAULT 0,
    booted_at INTEGER NOT NULL DEFAULT 0,
    mails_before INTEGER NOT NULL DEFAULT 0,
    rows_before INTEGER NOT NULL DEFAULT 0,
    newest_in_outbox INTEGER NOT NULL DEFAULT 0,
    newest_mail INTEGER NOT NULL,
    newest_row INTEGER NOT NULL,
    position INTEGER
) STRICT;
CREATE TABLE outboxd_states (
    name TEXT PRIMARY KEY,
    state INTEGER NOT NULL,
    sending INTEGER NOT NULL,
    UNIQUE (state, sending)
) STRICT, WITHOUT ROWID;
INSERT INTO "outboxd_states" VALUES('failed',4,0);
INSERT INTO "outboxd_states" VALUES('pending',0,0);
INSERT INTO "outboxd_states" VALUES('sending',0,1);
INSERT INTO "outboxd_states" VALUES('sent',2,0);
INSERT INTO "outboxd_states" VALUES('skipped',3,0);
CREATE TABLE outboxd_strikes (
    number INTEGER PRIMARY KEY,
    address TEXT NOT NULL,
    kind INTEGER NOT NULL,
    mail_id INTEGER NOT NULL,
    relay_cleared INTEGER NOT NULL,
    UNIQUE (address, kind, mail_id)
) STRICT;
CREATE TABLE outboxd_suppressing (
    helpdesk_id TEXT NOT NULL,
    address TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    troubles INTEGER NOT NULL DEFAULT 0,
    retry_at INTEGER NOT NULL,
    error_text TEXT,
    PRIMARY KEY (helpdesk_id, address)
) STRICT, WITHOUT ROWID;
CREATE TABLE outboxd_totals (key TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO "outboxd_totals" VALUES('failed:invalid_address',1);
INSERT INTO "outboxd_totals" VALUES('failed:invalid_row',1);
INSERT INTO "outboxd_totals" VALUES('failed:rejected',2);
INSERT INTO "outboxd_totals" VALUES('saved:combined',2);
INSERT INTO "outboxd_totals" VALUES('saved:read',1);
INSERT INTO "outboxd_totals" VALUES('sent',11);
INSERT INTO "outboxd_totals" VALUES('skipped:cancelled',1);
INSERT INTO "outboxd_totals" VALUES('skipped:read',1);
INSERT INTO "outboxd_totals" VALUES('skipped:suppressed',1);
CREATE TABLE outboxd_unread (
    id INTEGER PRIMARY KEY,
    troubles INTEGER NOT NULL DEFAULT 0,
    retry_at INTEGER NOT NULL,
    error_text TEXT
) STRICT;
CREATE TABLE read_markers (
    helpdesk_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    reader_email TEXT NOT NULL,
    last_read_at INTEGER NOT NULL,
    PRIMARY KEY (helpdesk_id, conversation_id, reader_email)
) STRICT;
INSERT INTO "read_markers" VALUES('acme','seen','read@example.test',1795896007291);
CREATE TABLE suppressions (
    helpdesk_id TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (helpdesk_id, address)
) STRICT;
INSERT INTO "suppressions" VALUES('','gone@example.test','asked us to',1795000000000,NULL);
INSERT INTO "suppressions" VALUES('acme','nouser@example.test','mailbox does not exist (5.1.1)',1795896007291,1798488007291);
CREATE INDEX outboxd_mails_sending ON outboxd_mails (owner) WHERE phase = 1;
CREATE INDEX outboxd_mails_open ON outboxd_mails (recipient, conversation_id, helpdesk_id)
WHERE phase < 2;
CREATE INDEX outboxd_mails_message_id ON outboxd_mails (email_message_id)
WHERE email_message_id IS NOT NULL;
CREATE INDEX outboxd_rows_mail ON outboxd_rows (mail_id);
CREATE INDEX outboxd_mails_due ON outboxd_mails (line, class, due_at, id)
WHERE phase = 0 AND wait = 0;
CREATE INDEX outboxd_mails_aside ON outboxd_mails (wait, id) WHERE phase = 0 AND wait > 0;
CREATE INDEX outboxd_lines_instant ON outboxd_lines (parked, turn, instant_due)
WHERE instant_due IS NOT NULL;
CREATE INDEX outboxd_lines_first ON outboxd_lines (parked, first_due)
WHERE first_due IS NOT NULL;
CREATE INDEX outboxd_lines_retry ON outboxd_lines (parked, retry_due)
WHERE retry_due IS NOT NULL;
CREATE INDEX outboxd_lines_parked ON outboxd_lines (parked, id) WHERE parked > 0;
CREATE INDEX outboxd_lines_sender ON outboxd_lines (sender, turn) WHERE sender IS NOT NULL;
CREATE INDEX outboxd_mails_troubles ON outboxd_mails (id) WHERE troubles > 0;
CREATE INDEX outboxd_strikes_against_relay ON outboxd_strikes (number)
WHERE relay_cleared = 0;
CREATE INDEX outboxd_rows_identity ON outboxd_rows (identity) WHERE identity IS NOT NULL;
CREATE INDEX outboxd_unread_retry ON outboxd_unread (retry_at, id);
CREATE INDEX outboxd_deeds_row ON outboxd_deeds (row_id) WHERE row_id IS NOT NULL;
CREATE INDEX outboxd_deeds_helpdesk ON outboxd_deeds (helpdesk_id, at) WHERE row_id IS NULL;
CREATE INDEX outboxd_rows_ended ON outboxd_rows (CAST(coalesce(state, 0) AS INTEGER), finished_at)
WHERE finished_at IS NOT NULL;
CREATE VIEW outbox_status AS
SELECT
    o.id AS id,
    s.name AS state,
    CASE
        WHEN r.state <> 0 THEN r.reason
        WHEN m.phase = 1 THEN NULL
        WHEN m.wait = 3 THEN 'uncertain'
        WHEN EXISTS (
            SELECT 1 FROM outboxd_pauses p WHERE p.helpdesk_id IN ('', o.helpdesk_id)
        ) OR EXISTS (
            SELECT 1 FROM helpdesks h WHERE h.id = o.helpdesk_id AND h.paused <> 0
        ) THEN 'paused'
        WHEN r.id IS NULL THEN CASE
            WHEN EXISTS (SELECT 1 FROM outboxd_unread u WHERE u.id = o.id AND u.troubles > 0) THEN 'deferred'
            WHEN max(o.created_at + iif(o.instant <> 0, 0, coalesce((SELECT CAST(value AS INTEGER) FROM outboxd_meta WHERE key = 'hold'), 60000)), coalesce((SELECT (SELECT not_before FROM outbox x WHERE x.id = o.id) FROM (SELECT NULL AS not_before)), 0)) <= CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) THEN 'queued'
            ELSE 'hold' END
        WHEN m.due_at <= CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) AND m.parked = 2
            THEN 'sender'
        WHEN m.due_at <= CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)
            AND (SELECT state FROM outboxd_relay WHERE id = 1) = 'down'
            THEN 'relay'
        WHEN m.attempts > 0 OR m.wait = 4 OR m.troubles > 0
            THEN 'deferred'
        WHEN m.due_at > CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) THEN 'hold'
        WHEN m.parked = 4 THEN 'deferred'
        ELSE 'queued'
    END AS reason,
    coalesce(r.uncertain, 0) AS uncertain,
    coalesce(r.attempts, 0) AS attempts,
    CASE
        WHEN r.state = 0 THEN m.due_at
        WHEN r.id IS NOT NULL THEN r.due_at
        ELSE max(o.created_at + iif(o.instant <> 0, 0, coalesce((SELECT CAST(value AS INTEGER) FROM outboxd_meta WHERE key = 'hold'), 60000)), coalesce((SELECT (SELECT not_before FROM outbox x WHERE x.id = o.id) FROM (SELECT NULL AS not_before)), 0))
    END AS due_at,
    r.sent_at AS sent_at,
    r.finished_at AS finished_at,
    m.email_message_id AS email_message_id,
    CASE
        WHEN r.id IS NULL THEN (
            SELECT '{"stage":"store","code":null,"enhanced":null,"text":"' || replace(replace(u.error_text, '\', '\\'), '"', '\"') || '"}' FROM outboxd_unread u WHERE u.id = o.id)
        WHEN r.state = 0 AND m.line_error IS NOT NULL THEN '{"stage":"store","code":null,"enhanced":null,"text":"' || replace(replace(m.line_error, '\', '\\'), '"', '\"') || '"}'
        ELSE '{"stage":' || coalesce('"' || r.error_stage || '"', 'null')
            || ',"code":' || coalesce(r.error_code, 'null')
            || ',"enhanced":' || coalesce('"' || r.error_enhanced || '"', 'null')
            || ',"text":"' || replace(replace(r.error_text, '\', '\\'), '"', '\"') || '"}'
    END AS last_error
FROM outbox o
LEFT JOIN outboxd_rows r ON r.id = o.id
LEFT JOIN (
    SELECT m.id, m.phase, m.wait, m.due_at, m.attempts, m.troubles, m.email_message_id,
        (SELECT iif(l.parked = 4 AND l.troubles = 0, 0, l.parked)
    FROM outboxd_lines l WHERE l.id = m.line) AS parked, (SELECT l.error_text FROM outboxd_lines l
    WHERE l.id = m.line AND l.parked = 4 AND l.troubles > 0) AS line_error
    FROM outboxd_mails m
) m ON m.id = r.mail_id
JOIN outboxd_states s ON s.state = CAST(coalesce(r.state, 0) AS INTEGER)
    AND s.sending = (coalesce(r.state, 0) = 0 AND m.phase IS 1);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('outboxd_deeds',9);
INSERT INTO "sqlite_sequence" VALUES('outbox',34);
INSERT INTO "sqlite_sequence" VALUES('outboxd_instances',1);
INSERT INTO "sqlite_sequence" VALUES('outboxd_mails',29);
COMMIT;
