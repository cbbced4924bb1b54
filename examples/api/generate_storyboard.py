# The Python example of the API document, word for word. Needs httpx: pip install httpx
# ruff: noqa: I001, ANN201, PTH123, ASYNC230, T201 - the words of the document stay as they are
# fmt: off
import httpx
import asyncio
import base64

async def generate_storyboard():
    async with httpx.AsyncClient() as client:
        # Start job
        response = await client.post(
            "http://localhost:8000/storyboard/code",
            json={
                "file_content": "def calculate_roi(): ...",
                "file_name": "calculator.py",
                "stage": "preview",
                "audience": "c_suite",
            },
            headers={"X-Org-ID": "my-org"},
        )
        job = response.json()
        job_id = job["job_id"]

        # Poll for completion
        while True:
            response = await client.get(f"http://localhost:8000/storyboard/jobs/{job_id}")
            result = response.json()

            if result["status"] in ["completed", "failed"]:
                break

            await asyncio.sleep(2)  # Poll every 2 seconds

        # Save result
        if result["status"] == "completed":
            png_data = base64.b64decode(result["result_image"])
            with open("storyboard.png", "wb") as f:
                f.write(png_data)
            print(f"Storyboard saved! Headline: {result['understanding']['headline']}")
        else:
            print(f"Job failed: {result['error_message']}")

asyncio.run(generate_storyboard())
