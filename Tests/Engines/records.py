"""Odd records for the engines: made here, byte for byte, so that nothing but Python has a say in them."""
import json

HEAD = '"eventVersion":"1.10","eventTime":"2026-11-18T10:%02d:00Z","awsRegion":"us-east-1","recipientAccountId":"012345678910"'


def record(number, more, head=HEAD):
    return ('{"eventID":"e-%04d",' % number + head % (number % 60) + ("," + more if more else "") + "}").encode()


TEXTS = [
    "", " a ", "a,b", 'a"b', "a\nb", "a\r\nb", "a\rb", "\u2028x", "\ufeffa", "a\u0000b", "\u0001", "\\N", "\\", "NULL", "NA", "null",
    "true", "1.10", "1E5", "012", "-0", "=1+1", "@x", "'q'", "\t", "é", "日本🦀", "%41", "${x}", "a\\u0000b", "\\ud800", "{\"a\":1}",
    "[1]", "a;b", "x" * 40_000, "a,\"b\"\r\n" * 6_000,
]

JSONS = [
    "{}", "[]", '{"a":null}', '{"a":{"b":[1,2,{"c":"d"}]}}', '{"tagging":"","Tagging":{"x":1}}', '{"n":1.370E-5,"m":-0,"o":1e400}',
    '{"n":9007199254740993,"m":12345678901234567890123,"k":0.1000000000000000055511151231257827}', '"text"', "7", "true", "null",
    '{"a":"\\u0000\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83e\\udd80"}', '{"":1}', '{"a.b":1,"a b":2,"$x":3}', '{"bucketName":"logs"}',
    '{"a":' * 60 + "1" + "}" * 60, '{"a":' * 1500 + "1" + "}" * 1500, '{"n":%s}' % ("1" * 1500), '[[],[{}],"x"]',
]

IDENTITIES = [
    '{"type":"Root","accountId":"012345678910","arn":"arn:aws:iam::012345678910:root"}', '{"type":"Root"}',
    '{"type":"IAMUser","userName":"alice","arn":"arn:aws:iam::012345678910:user/path/alice"}',
    '{"type":"IAMUser","arn":"arn:aws:iam::012345678910:user/path/bob"}', '{"type":"IAMUser","arn":"x/"}',
    '{"type":"IAMUser","userName":"carol","invokedBy":"cloudformation.amazonaws.com"}',
    '{"type":"AssumedRole","arn":"arn:aws:sts::012345678910:assumed-role/Deployer/build/42","principalId":"AROA:build"}',
    '{"type":"AssumedRole","principalId":"AROA:build-7","sessionContext":{"sessionIssuer":{"userName":"Deployer","arn":"arn:x"},'
    '"attributes":{"mfaAuthenticated":"true"}}}',
    '{"type":"AssumedRole","principalId":"AROA","sessionContext":{"sessionIssuer":{"userName":"Deployer"}}}',
    '{"type":"AssumedRole","principalId":"AROA:"}', '{"type":"AWSService","invokedBy":"ec2.amazonaws.com"}', '{"type":"AWSService"}',
    '{"invokedBy":"ec2.amazonaws.com"}', '{"accountId":"444455556666"}', '{"type":"AWSAccount","accountId":"444455556666"}',
    '{"type":"FederatedUser","arn":"arn:aws:sts::012345678910:federated-user/dora/x"}', '{"type":"SAMLUser","userName":"erin@example.com"}',
    '{"type":"IdentityCenterUser","onBehalfOf":{"userId":"90676b2c"}}', '{"type":"Unknown"}', '{"type":""}', "{}", "null", '"HIDDEN"',
    '{"type":"IAMUser","userName":"l\\u00e9a\\n/\\"q\\""}', '{"type":7,"userName":"seven"}', '{"type":"WebIdentityUser","principalId":"p"}',
]

OUTCOMES = [
    '"errorCode":"AccessDenied","errorMessage":"no"', '"errorMessage":"only text"', '"errorCode":"","errorMessage":null',
    '"responseElements":{"ConsoleLogin":"Failure"}', '"responseElements":{"SwitchRole":"Failure"}', '"responseElements":{"ConsoleLogin":"Success"}',
    '"errorCode":{"x":[1,2]}',
]

TIMES = [
    "2026-11-18T10:00:00", "2026-11-18 10:00:00Z", "2026-11-18T10:00:00.5Z", "2026-11-18T10:00:00.123456789Z", "2026-11-18T23:30:00-05:30",
    "2026-11-18T10:00:00+0200", "2026-11-18T10:00:00+02", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59Z",
]

REGIONS = [
    "eu:west/1", "a=b", "50%", "..", "_x", ".x", "a\nb", "{x,y}", "a*b?", "[a]", "'q'", "é🦀", "0012", "null", "us-east-1 ", "", "\\N", "a,b",
]


def clean():
    """Records that every reader takes."""
    parts = ['"userAgent":' + json.dumps(text, ensure_ascii=len(text) % 2 == 0) for text in TEXTS]
    parts += ['"requestParameters":' + text for text in JSONS] + ['"userIdentity":' + text for text in IDENTITIES] + OUTCOMES
    parts += ['"readOnly":%s,"managementEvent":%s' % (a, b) for a, b in [("true", "false"), ('"true"', '"maybe"'), ("1", "null")]]
    parts += ['"errorCode":' + "1" * 1500, '"userName":"no column","eventContext":{"tags":[1]},"otherField":1']
    made = [record(number, part) for number, part in enumerate(parts)]
    for time in TIMES:
        made.append(('{"eventID":"t-%s","eventTime":"%s","awsRegion":"us-east-1","recipientAccountId":"012345678910"}' % (time, time)).encode())
    for number, region in enumerate(REGIONS):
        made.append(('{"eventID":"r-%d","eventTime":"2026-11-18T10:00:00Z","awsRegion":%s,"recipientAccountId":%s}'
                     % (number, json.dumps(region), json.dumps("0%011d" % number if number % 3 else region))).encode())
    made.append(b'{"eventID":"none","eventTime":"2026-11-18T10:00:00Z"}')
    return made


def flawed():
    """Records that strict readers refuse."""
    texts = [b"a\\ud800b", b"\\ud83d\\u0041", b"x\\udc00", b"a\xffb", b"\xe2\x82", b"a\xc0\xafb", b"\xed\xa0\x80", b"\\ud83d\xf0\x9f"]
    made = []
    for number, text in enumerate(texts):
        made.append(record(900 + 3 * number, "").replace(b"}", b',"userAgent":"' + text + b'"}'))
        made.append(record(901 + 3 * number, "").replace(b"}", b',"requestParameters":{"k' + text + b'":"' + text + b'"}}'))
        made.append(record(902 + 3 * number, "").replace(b"}", b',"userIdentity":{"type":"IAMUser","userName":"' + text + b'"}}'))
    return made


def doubled():
    """Records with two fields of one name, or of names that differ only in case."""
    return [
        record(990, '"userAgent":"first","userAgent":"second"'), record(991, '"userIdentity":{"type":"Root"},"userIdentity":null'),
        record(992, '"requestParameters":{"a":1,"a":2}'),
    ]


def cased():
    return [record(995, '"useragent":"lower","userAgent":"right","USERAGENT":"upper"')]


def families():
    """One record and more of each family, as AWS's documentation shows them."""
    head = '"eventVersion":"1.11","eventTime":"2026-11-18T10:%02d:00Z","awsRegion":"us-east-1","recipientAccountId":"012345678910"'
    insight = '"eventType":"AwsCloudTrailInsight","eventCategory":"Insight","sharedEventID":"s","insightDetails":{"state":"Start","insightContext":{"statistics":{"baseline":{"average":0.0017}}}}'
    network = ('"eventType":"AwsVpceEvent","eventCategory":"NetworkActivity","errorCode":"VpceAccessDenied","vpcEndpointId":"vpce-1",'
               '"userIdentity":{"type":"AWSAccount","accountId":"444455556666"}')
    made = [record(number, insight, head) for number in range(3)] + [record(10 + number, network, head) for number in range(3)]
    for number in range(3):
        made.append(('{"eventVersion":"1.0","accountId":"012345678910","eventId":"a-%d","eventCategory":"Aggregated","awsRegion":"us-east-1",'
                     '"timeWindow":{"windowStart":"2026-11-18 10:%02d:00","windowEnd":"2026-11-18 10:59:00","windowSize":"PT5M"},'
                     '"summary":{"primaryDimension":{"dimension":"eventName","statistics":[{"name":"GetObject","value":7}]}}}' % (number, number)).encode())
    return made + [record(20, "")]
