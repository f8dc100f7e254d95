-- CreateIndex
CREATE INDEX "Thing1_ownerId_b_idx" ON "Thing1"("ownerId", "b");
