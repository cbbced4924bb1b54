#!/usr/bin/env bash
# The cURL example of the API document, word for word. Needs curl, jq and base64.

# Start job
JOB_ID=$(curl -X POST http://localhost:8000/storyboard/code \
  -H "Content-Type: application/json" \
  -H "X-Org-ID: my-org" \
  -d '{
    "file_content": "def calculate_roi(): pass",
    "file_name": "calculator.py",
    "stage": "preview",
    "audience": "c_suite"
  }' | jq -r '.job_id')

# Poll for completion
while true; do
  STATUS=$(curl -s http://localhost:8000/storyboard/jobs/$JOB_ID | jq -r '.status')
  echo "Status: $STATUS"

  if [[ "$STATUS" == "completed" || "$STATUS" == "failed" ]]; then
    break
  fi

  sleep 2
done

# Get result
curl -s http://localhost:8000/storyboard/jobs/$JOB_ID | jq '.result_image' -r | base64 -d > storyboard.png
echo "Storyboard saved to storyboard.png"
