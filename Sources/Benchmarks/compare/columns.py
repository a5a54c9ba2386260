"""The columns of the CSV, which all jobs here write: trailmerge's default ones."""

COLUMNS = """
eventTime eventName eventSource awsRegion recipientAccountId userIdentity.type
userIdentity.userName userIdentity.arn userIdentity.accountId userIdentity.principalId
userIdentity.accessKeyId userIdentity.invokedBy userIdentity.sessionContext.sessionIssuer.arn
userIdentity.sessionContext.attributes.mfaAuthenticated sourceIPAddress userAgent errorCode
errorMessage readOnly managementEvent eventCategory eventType resources requestParameters
responseElements additionalEventData requestID eventID sharedEventID vpcEndpointId eventVersion
""".split()
